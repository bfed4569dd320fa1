@nexcage @root @no-driver @issue-cli @issue-96
Feature: Where a configured value comes from
  One value can be given in four places. The command line stands before the environment, the environment before the
  file, the file before the default: also where what is said first is the same as the default. `config show` prints what
  a command would use, with `--origin` where each value is from. Nothing is needed on the host for it.

  Background:
    Given a file "own.json" that reads
      """
      {"runtime": {"log_level": "debug", "log_format": "json"}, "network": {"bridge": "vmbr7"},
       "proxmox": {"storage": "fast", "memory": "96m", "unprivileged": false}}
      """

  Rule: The order is command line, environment, file, default

    Scenario Outline: <key> is from <where>
      Given the variable "<variable>" of the caller is "<text>"
      When the bare runtime is called with "--config {dir}/own.json <option> config show --origin --format tsv"
      Then it succeeds
      And it prints a line like "<key>\t<value>\t<where>"

      Examples: The default: nobody says anything
        | key                | variable     | text | option | value | where   |
        | proxmox.swap       | NEXCAGE_NONE | x    |        | 512   | default |
        | runtime.default    | NEXCAGE_NONE | x    |        | -     | default |

      Examples: The file before the default
        | key                | variable             | text | option | value | where          |
        | proxmox.storage    | NEXCAGE_NONE         | x    |        | fast  | {dir}/own.json |
        | network.bridge     | NEXCAGE_NETWORK_IP   | dhcp |        | vmbr7 | {dir}/own.json |
        | proxmox.unprivileged | NEXCAGE_NONE       | x    |        | false | {dir}/own.json |

      Examples: The environment before the file, also with the default
        | key                | variable               | text    | option | value   | where                  |
        | proxmox.storage    | NEXCAGE_PROXMOX_STORAGE | slow   |        | slow    | NEXCAGE_PROXMOX_STORAGE |
        | network.bridge     | NEXCAGE_NETWORK_BRIDGE | vmbr0   |        | vmbr0   | NEXCAGE_NETWORK_BRIDGE |
        | runtime.log_level  | NEXCAGE_LOG_LEVEL      | warning |        | warning | NEXCAGE_LOG_LEVEL      |
        | runtime.log_format | NEXCAGE_LOG_FORMAT     | text    |        | text    | NEXCAGE_LOG_FORMAT     |
        | proxmox.unprivileged | NEXCAGE_PROXMOX_UNPRIVILEGED | yes |   | true    | NEXCAGE_PROXMOX_UNPRIVILEGED |

      Examples: The command line before the environment, also with the default
        | key                | variable           | text  | option               | value   | where        |
        | runtime.log_level  | NEXCAGE_LOG_LEVEL  | error | --log-level warning  | warning | command line |
        | runtime.log_format | NEXCAGE_LOG_FORMAT | json  | --log-format text    | text    | command line |
        | runtime.root_path  | NEXCAGE_ROOT       | /a    | --root /b            | /b      | command line |

      Examples: An empty variable says nothing
        | key                | variable                | text | option | value | where          |
        | proxmox.storage    | NEXCAGE_PROXMOX_STORAGE |      |        | fast  | {dir}/own.json |

    Scenario: The names that other configurations have for a key are understood
      Given a file "own.json" that reads
        """
        {"log_level": "warn", "default_runtime": "proxmox-lxc", "data_dir": "/srv"}
        """
      When the bare runtime is called with "--config {dir}/own.json config show --origin --format tsv"
      Then it succeeds
      And it prints a line like "runtime.log_level\twarning\t{dir}/own.json"
      And it prints a line like "runtime.default\tpct\t{dir}/own.json"
      And it prints a line like "runtime.root_path\t/srv\t{dir}/own.json"

    Scenario: For programs
      When the bare runtime is called with "--config {dir}/own.json config show --format json proxmox.unprivileged"
      Then it succeeds
      And it prints JSON with $.file "{dir}/own.json"
      And it prints JSON with $.values[0].key "proxmox.unprivileged"
      And it prints JSON with $.values[0].value false
      And it prints JSON with $.values[0].origin "{dir}/own.json"

    Scenario: A key that does not exist
      When the bare runtime is called with "config show proxmox.storag"
      Then it exits with status 2
      And the error is the line "nexcage: config show: unknown key "proxmox.storag""
      And the hint says "did you mean proxmox.storage?"

  Rule: One file counts: that of --config, else that of NEXCAGE_CONFIG, else the usual one

    Scenario: --config before NEXCAGE_CONFIG
      Given a file "other.json" that reads
        """
        {"proxmox": {"storage": "other"}}
        """
      And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/other.json"
      When the bare runtime is called with "--config {dir}/own.json config show --format tsv proxmox.storage"
      Then it succeeds
      And it prints a line like "proxmox.storage\tfast"

    Scenario: --config after the verb
      When the bare runtime is called with "config show --config {dir}/own.json --format tsv proxmox.storage"
      Then it succeeds
      And it prints a line like "proxmox.storage\tfast"

    Scenario: The variable
      Given the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
      When the bare runtime is called with "config show --format tsv proxmox.storage"
      Then it succeeds
      And it prints a line like "proxmox.storage\tfast"

    Scenario: --debug tells which file is in use
      When the bare runtime is called with "--config {dir}/own.json --debug --log-format text config show"
      Then it succeeds
      And the error says "debug: configuration {dir}/own.json is in use"

    Scenario: A file that is named has to exist
      When the bare runtime is called with "--config {dir}/nowhere.json config show"
      Then it exits with status 2
      And the error is the line "nexcage: config show: {dir}/nowhere.json: the configuration that --config names does not exist"

    Scenario: The config.json in the working directory is a bundle's, and never read
      Given a bundle
      When the bare runtime is called in directory "{bundle}" with "config show --origin"
      Then it succeeds
      And it prints something with "default"

    Scenario: create has a --config of its own, for the bundle's file
      Given a bundle
      When the bare runtime is called with "--root {root} create --config {dir}/own.json --bundle {bundle} web"
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.ociVersion: is required"
      And the hint says "nexcage --config FILE create"

    Scenario: Who names a bundle's config.json is told so
      Given a bundle
      When the bare runtime is called with "--config {bundle}/config.json config show"
      Then it exits with status 2
      And the error is the line "nexcage: config show: {bundle}/config.json: this is the config.json of a bundle, not nexcage's configuration"
      And the hint says "--bundle"
