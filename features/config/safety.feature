@nexcage @root @no-driver @issue-cli
Feature: A configuration that root can follow
  What root is told to do comes from root alone: a file that somebody else owns, may write to or may replace is refused.
  What a configuration should never have held, a token, is not repeated by anything.

  Rule: Nobody else can change what root follows

    Scenario Outline: A file that root does not follow: <why>
      Given a directory "etc"
      And a file "etc/own.json" that says "{}"
      And "<what>" has mode <mode>
      When the bare runtime is called with "--config {dir}/etc/own.json list"
      Then it exits with status 2
      And the error is the line "nexcage: list: {dir}/etc/own.json: <message>, so root does not follow it"
      And the hint says "chmod o-w {dir}/<what>"

      Examples:
        | why                        | what         | mode | message                                 |
        | everybody may write to it  | etc/own.json | 0666 | everybody may write to the configuration |
        | everybody may replace it   | etc          | 0777 | everybody may replace the configuration  |

    Scenario: What is no file is not waited for
      Given a directory "etc"
      When the bare runtime is called with "--config {dir}/etc list"
      Then it exits with status 2
      And the error is the line "nexcage: list: {dir}/etc: the configuration cannot be read: is a directory"

  Rule: A broken file keeps nobody from stopping what runs

    Scenario Outline: <verb> goes on with the usual places
      Given the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
      And a file "own.json" that reads
        """
        {"runtime": 5}
        """
      When the bare runtime is called with "<verb> nobody-has-this-one"
      Then it exits with status 1
      And it warns "{dir}/own.json: runtime: must be an object, not the number 5: the configuration is not in use"
      And the error says "nexcage: <verb>: container "nobody-has-this-one" does not exist"

      Examples:
        | verb   |
        | state  |
        | stop   |
        | kill   |
        | delete |

    Scenario: But no container is made without it
      Given the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
      And a file "own.json" that reads
        """
        {"runtime": 5}
        """
      When the bare runtime is called with "route web"
      Then it exits with status 2
      And the error is the line "nexcage: route: {dir}/own.json: runtime: must be an object, not the number 5"

  Rule: Secrets are not repeated

    Scenario Outline: <command> does not print a token
      Given a file "own.json" that reads
        """
        {"proxmox": {"legacy_api": {"hosts": ["pve"], "port": 8006, "token": "root@pam!ci=5ecre7"}},
         "token": "5ecre7", "log_level": "debug"}
        """
      When the bare runtime is called with "--config {dir}/own.json --log {dir}/log --debug <command>"
      Then it exits with status 2
      And neither its output nor the log "log" says "5ecre7"

      Examples:
        | command                                     |
        | config show --origin                        |
        | config show --format json                   |
        | config check {dir}/own.json                 |
        | config check --format json {dir}/own.json   |
        | check config                                |
        | list                                        |
