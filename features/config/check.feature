@nexcage @root @no-driver @issue-cli @issue-96
Feature: Check a configuration before it is used
  `config check FILE` says all that is wrong with a file, each fault in one line with the file and the key, and what to
  do about it. The same faults, the first of them, end every other command with status 2: a file that is half understood
  is not used. docs/config.schema.json says the same to editors.

  Rule: A file that can be used

    Scenario: The example
      Given the example of a configuration as "own.json"
      When the bare runtime is called with "config check {dir}/own.json"
      Then it succeeds
      And it prints "{dir}/own.json: valid"

    Scenario: A file that names its schema, for an editor
      Given a file "own.json" that reads
        """
        {"$schema": "config.schema.json", "log_level": "info"}
        """
      When the bare runtime is called with "config check {dir}/own.json"
      Then it succeeds

    Scenario: The routing of the Zig program's example
      Given a file "own.json" that reads
        """
        {"default_runtime": "proxmox-lxc",
         "runtime": {"log_level": "info", "root_path": "/var/lib/nexcage", "routing": [
           {"pattern": "^(kube-ovn-.*|cilium-.*)$", "runtime": "crun"}, {"pattern": ".*", "runtime": "lxc"}]},
         "container_config": {"default_runtime": "lxc", "crun_name_patterns": ["kube-ovn-*", "cilium-*"]},
         "network": {"bridge": "vmbr50"}, "resources": {"memory": 512, "cpu": 1.0, "disk": null},
         "security": {"seccomp": true, "apparmor": null, "read_only": false}}
        """
      When the bare runtime is called with "config check {dir}/own.json"
      Then it succeeds

  Rule: Faults are named by file and key

    Scenario Outline: What cannot be used: <why>
      Given a file "own.json" that reads
        """
        <text>
        """
      When the bare runtime is called with "config check {dir}/own.json"
      Then it exits with status 2
      And it prints something with "{dir}/own.json: <message>"

      Examples: The document
        | why                | text                             | message                                          |
        | no JSON            | nothing                          | line 1, column 1: expecting value                |
        | a comma too many   | {"log_level": "info",}           | line 1, column 22:                               |
        | a key twice        | {"network": {}, "network": {}}   | line 1, column 17: duplicate key "network"       |
        | a list             | []                               | must be an object, not a list                    |
        | a bundle's file    | {"ociVersion": "1.0.2"}          | this is the config.json of a bundle              |

      Examples: Keys
        | why                          | text                                     | message                                              |
        | a misspelt key               | {"network": {"brigde": "vmbr0"}}         | unknown key "network.brigde" (did you mean network.bridge?) |
        | a misspelt section           | {"proxmocks": {}}                        | unknown key "proxmocks" (did you mean proxmox?)      |
        | a section that is none       | {"runtime": 5}                           | runtime: must be an object, not the number 5         |
        | a key of the Zig program     | {"proxmox": {"pct_path": "/usr/bin/pct"}} | unknown key "proxmox.pct_path" (remove it: pct is taken from PATH) |
        | two names of one key         | {"log_level": "info", "runtime": {"log_level": "debug"}} | runtime.log_level: contradicts log_level |
        | two lists of rules           | {"runtime": {"routing": []}, "container_config": {"routing": []}} | container_config.routing: contradicts runtime.routing |

      Examples: Values
        | why                        | text                                      | message                                                    |
        | a wrong type               | {"proxmox": {"storage": 1}}               | proxmox.storage: must be text, not the number 1            |
        | text for a number          | {"proxmox": {"cores": "2"}}               | proxmox.cores: must be a whole number, not text            |
        | a number out of range      | {"proxmox": {"cores": 0}}                 | proxmox.cores: must be from 1 to 8192, not the number 0    |
        | a level that is none       | {"log_level": "loud"}                     | log_level: must be one of error, warning, info, debug, not "loud" |
        | a relative path            | {"log_file": "nexcage.log"}               | log_file: must be an absolute path, journald:ID or syslog:ID, not "nexcage.log" |
        | an address without prefix  | {"network": {"ip": "10.0.0.1"}}           | network.ip: must be an address of IPv4 with its prefix     |
        | what cannot be switched off | {"security": {"seccomp": false}}         | security.seccomp: cannot be false: nexcage does not take seccomp away from a bundle |

      Examples: Runtimes
        | why                   | text                                                           | message                                       |
        | no such runtime       | {"default_runtime": "docker"}                                  | default_runtime: unknown runtime "docker"     |
        | virtual machines      | {"container_config": {"default_container_type": "vm"}}         | container_config.default_container_type: "vm": virtual machines are not containers, use qm |
        | in the second rule    | {"runtime": {"routing": [{"pattern": "a", "runtime": "crun"}, {"pattern": "b", "runtime": "docker"}]}} | runtime.routing[1].runtime: unknown runtime "docker" |
        | a rule without one    | {"runtime": {"routing": [{"pattern": "a"}]}}                   | runtime.routing[0].runtime: is missing        |
        | an open bracket       | {"runtime": {"routing": [{"pattern": "^(a", "runtime": "crun"}]}} | runtime.routing[0].pattern:                |
        | an old list of names  | {"container_config": {"crun_name_patterns": [1]}}              | container_config.crun_name_patterns[0]: must be text, not the number 1 |

    Scenario: All faults at once, for programs too
      Given a file "own.json" that reads
        """
        {"log_level": "loud", "nothing": 1, "proxmox": {"storage": []}}
        """
      When the bare runtime is called with "config check --format json {dir}/own.json"
      Then it exits with status 2
      And it prints JSON with $.valid false
      And it prints JSON with $.problems[0].key "log_level"
      And it prints JSON with $.problems[1].code "config-key-unknown"
      And it prints JSON with $.problems[2].message "{dir}/own.json: proxmox.storage: must be text, not a list"

    Scenario: A file that does not exist
      When the bare runtime is called with "config check {dir}/nowhere.json"
      Then it exits with status 2
      And it prints "{dir}/nowhere.json: the configuration does not exist"

    Scenario: Without a file it is the one in use
      Given a file "own.json" that reads
        """
        {"log_level": "loud"}
        """
      And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
      When the bare runtime is called with "config check"
      Then it exits with status 2
      And it prints something with "{dir}/own.json: log_level: "

  Rule: What config check refuses, no command uses

    Scenario Outline: <verb> with a configuration that cannot be used
      Given a file "own.json" that reads
        """
        {"runtime": {"log_levle": "info"}}
        """
      When the bare runtime is called with "--config {dir}/own.json <verb>"
      Then it exits with status 2
      And the error says "{dir}/own.json: unknown key "runtime.log_levle""
      And the hint says "did you mean runtime.log_level?"

      Examples:
        | verb                        |
        | list                        |
        | state web                   |
        | --dry-run create web        |
        | repair --yes                |
        | config show                 |

    Scenario: A variable that cannot be used is an error too
      Given the variable "NEXCAGE_PROXMOX_ONBOOT" of the caller is "perhaps"
      When the bare runtime is called with "route web"
      Then it exits with status 2
      And the error is the line "nexcage: route: NEXCAGE_PROXMOX_ONBOOT: must be true or false, not "perhaps""

    Scenario: Two variables for one thing that say different things
      Given the variable "NEXCAGE_CACHE" of the caller is "/a"
      And the variable "NEXCAGE_CACHE_DIR" of the caller is "/b"
      When the bare runtime is called with "config show"
      Then it exits with status 2
      And the error is the line "nexcage: config show: NEXCAGE_CACHE_DIR: contradicts NEXCAGE_CACHE"
