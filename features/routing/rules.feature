@nexcage @root @no-driver @issue-78
Feature: Rules say which driver a container gets
  `runtime.routing` in nexcage's configuration is a list of rules, each for containers of some name (`pattern`), with an
  annotation, or of an operating system (`os`). The first rule that applies names the driver. `nexcage route NAME` says
  what would happen, and makes nothing.

  Background:
    Given the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"

  Rule: The first rule that applies decides

    Scenario Outline: The rules of upstream's example mean what they say: <name> goes to <driver>
      Given a file "own.json" that reads
        """
        {"runtime": {"routing": [
          {"pattern": "^(kube-ovn-.*|cilium-.*)$", "runtime": "crun"},
          {"pattern": ".*", "runtime": "lxc"}
        ]}}
        """
      When the bare runtime is called with "route <name> --format json"
      Then it prints JSON with $.driver "<driver>"
      And it prints JSON with $.decided_by "rule"
      And it prints JSON with $.rule.where "runtime.routing[<number>]"

      Examples:
        | name            | driver | number |
        | kube-ovn-pinger | crun   | 0      |
        | cilium-envoy-x2 | crun   | 0      |
        | web             | pct    | 1      |
        | my-cilium-envoy | pct    | 1      |

    Scenario Outline: lxc and proxmox-lxc are the driver pct: <runtime>
      Given a file "own.json" that reads
        """
        {"runtime": {"routing": [{"pattern": "web", "runtime": "<runtime>"}]}}
        """
      When the bare runtime is called with "route web --format json"
      Then it prints JSON with $.driver "pct"

      Examples:
        | runtime     |
        | lxc         |
        | proxmox-lxc |
        | pct         |

    Scenario: Where no rule applies, the host decides
      Given a file "own.json" that reads
        """
        {"runtime": {"routing": [{"pattern": "db-*", "runtime": "lxc"}]}}
        """
      And the caller finds only the programs "runc"
      When the bare runtime is called with "route web --format json"
      Then it succeeds
      And it prints JSON with $.driver "runc"
      And it prints JSON with $.decided_by "host"
      And it prints JSON with $.rule null

  Rule: A pattern is a glob, or a regular expression when it has an anchor or ".*"

    Scenario Outline: <pattern> and <name>: <applies>
      Given a file "own.json" that reads
        """
        {"runtime": {"routing": [{"pattern": "<pattern>", "runtime": "crun"}, {"pattern": "*", "runtime": "jail"}]}}
        """
      When the bare runtime is called with "route <name> --format json"
      Then it prints JSON with $.driver "<driver>"

      Examples: Globs are for the whole name, and mind the case
        | pattern  | name     | driver | applies |
        | web      | web      | crun   | yes     |
        | web      | web-1    | jail   | no      |
        | web      | WEB      | jail   | no      |
        | web-?    | web-1    | crun   | yes     |
        | web-?    | web-10   | jail   | no      |
        | *-web    | a-b-web  | crun   | yes     |
        | *-db-*   | a-d-db-b | crun   | yes     |
        | [vw]eb   | web      | crun   | yes     |
        | [!vw]eb  | web      | jail   | no      |
        | [a-z]*.1 | web.1    | crun   | yes     |
        | w.b      | web      | jail   | no      |

      Examples: Regular expressions are open where they have no anchor; without any they are for the whole name
        | pattern             | name      | driver | applies |
        | .*                  | web       | crun   | yes     |
        | ^web                | web-1     | crun   | yes     |
        | ^web                | my-web    | jail   | no      |
        | web$                | my-web    | crun   | yes     |
        | web$                | web-1     | jail   | no      |
        | ^web$               | web-1     | jail   | no      |
        | ^(web\|db)$         | db        | crun   | yes     |
        | ^(web\|db)$         | dbs       | jail   | no      |
        | ^web\|db$           | my-db     | crun   | yes     |
        | ^(a\|b(c\|d)+)-.*$  | bcd-1     | crun   | yes     |
        | ^w[0-9]{2,3}$       | w100      | crun   | yes     |
        | ^w[0-9]{2,3}$       | w1        | jail   | no      |
        | web.*               | my-web    | jail   | no      |
        | ^web[.]1$           | web.1     | crun   | yes     |
        | ^web[.]1$           | web-1     | jail   | no      |

    Scenario: No name makes an expression take long
      Given a file "own.json" that reads
        """
        {"runtime": {"routing": [{"pattern": "^(a+)+$", "runtime": "crun"}, {"pattern": ".*", "runtime": "jail"}]}}
        """
      When the bare runtime is called with "route aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b --format json"
      Then it exits with status 1
      And the error says "pattern "^(a+)+$" takes more than 1 s to match"
      And the hint says "write it without a repetition inside a repetition"
      And it has taken less than 10 seconds

  Rule: A rule may ask for an annotation of the bundle and for its operating system; all that it asks for has to hold

    Scenario Outline: <rule>: <driver>
      Given a bundle
      And its config.json has $.annotations["org.example.tier"] set to "front-end"
      And a file "own.json" that reads
        """
        {"runtime": {"routing": [{<rule>, "runtime": "crun"}, {"pattern": "*", "runtime": "jail"}]}}
        """
      When the bare runtime is called with "route web --bundle {bundle} --format json"
      Then it prints JSON with $.driver "<driver>"
      And it prints JSON with $.bundle "{bundle}"

      Examples:
        | rule                                                                      | driver |
        | "annotation": "org.example.tier"                                          | crun   |
        | "annotation": "org.example.tier=front-*"                                  | crun   |
        | "annotation": "org.example.tier=front"                                    | jail   |
        | "annotation": "org.example.rack"                                          | jail   |
        | "os": "linux"                                                             | crun   |
        | "os": "freebsd"                                                           | jail   |
        | "pattern": "w*", "annotation": "org.example.tier=*-end", "os": "linux"    | crun   |
        | "pattern": "db", "annotation": "org.example.tier=*-end", "os": "linux"    | jail   |
        | "pattern": "w*", "annotation": "org.example.tier=*-end", "os": "freebsd"  | jail   |

    Scenario: A bundle with a section for FreeBSD is of FreeBSD
      Given the bundle "freebsd"
      And a file "own.json" that reads
        """
        {"runtime": {"routing": [{"os": "freebsd", "runtime": "crun"}]}}
        """
      When the bare runtime is called with "route web --bundle {bundle} --format json"
      Then it prints JSON with $.driver "crun"
      And it prints JSON with $.rule.os "freebsd"

  Rule: A rule that cannot be followed is an error before anything is made

    @issue-371
    Scenario Outline: <rule>
      Given a file "own.json" that reads
        """
        {"runtime": {"routing": [{"pattern": "db", "runtime": "crun"}, {<rule>}]}}
        """
      When the bare runtime is called with "route web"
      Then it exits with status 2
      And the error is one line
      And the error says "nexcage: route: {dir}/own.json: runtime.routing[1].<message>"
      And nothing is printed

      Examples: The runtime
        | rule                                   | message                                                    |
        | "pattern": "web"                       | runtime: is missing                                        |
        | "pattern": "web", "runtime": "moon"    | runtime: unknown runtime "moon": the runtimes are pct, jail, crun, runc |
        | "pattern": "web", "runtime": "vm"      | runtime: "vm": virtual machines are not containers, use qm |
        | "pattern": "web", "runtime": "qemu"    | runtime: "qemu": virtual machines are not containers, use qm |
        | "pattern": "web", "runtime": "proxmox" | runtime: "proxmox": virtual machines are not containers, use qm |
        | "pattern": "web", "runtime": 5         | runtime: must be text                                      |

      Examples: The conditions
        | rule                                         | message                                                   |
        | "runtime": "crun"                            | pattern: is missing                                       |
        | "pattern": "", "runtime": "crun"             | pattern: must not be empty                                |
        | "patern": "web", "runtime": "crun"           | patern: unknown key                                       |
        | "os": "windows", "runtime": "crun"           | os: must be one of linux, freebsd, not "windows"          |
        | "annotation": "tier=", "runtime": "crun"     | annotation: has nothing after "="                         |
        | "pattern": "^(web", "runtime": "crun"        | pattern: "^(web" is no regular expression: missing )      |
        | "pattern": "web[", "runtime": "crun"         | pattern: "web[" has a [ without its ]                     |
        | "pattern": "*.*", "runtime": "crun"          | pattern: "*.*" is no regular expression: nothing to repeat |
        | "pattern": "web\|db", "runtime": "crun"      | pattern: "web\|db" is a glob and can never match: no container id has \| |

    @issue-371
    Scenario: A create does not go on either
      Given a bundle
      And a file "own.json" that reads
        """
        {"runtime": {"routing": [{"pattern": "db", "runtime": "moon"}]}}
        """
      When the bare runtime is called with "--root {root} create --bundle {bundle} web"
      Then it exits with status 2
      And the error says "nexcage: create: {dir}/own.json: runtime.routing[0].runtime: unknown runtime "moon""
      And nothing is left behind
