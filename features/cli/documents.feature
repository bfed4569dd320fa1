@nexcage @root @issue-cli
Feature: What programs read
  Each document that is printed as JSON has a schema in docs/schemas: its members, their types, which of them are always
  there. A member that no schema knows is never printed.

  Rule: About containers

    Scenario Outline: <verb> of a container
      Given a running container "web"
      When the runtime is called with "<arguments>"
      Then it succeeds
      And it prints a document as the schema "<verb>" has it

      Examples:
        | verb  | arguments             |
        | state | state web             |
        | list  | list --format json    |
        | ps    | ps --format json web  |

    @no-driver
    Scenario: A list without containers
      When the runtime is called with "list --format json"
      Then it succeeds
      And it prints a document as the schema "list" has it

    @pct
    Scenario: A list with containers of Proxmox VE
      Given a created container "web"
      When the runtime is called with "list --format json"
      Then it succeeds
      And it prints JSON with $[0].vmid
      And it prints a document as the schema "list" has it

    @jail
    Scenario: A list with jails
      Given a created container "web"
      When the runtime is called with "list --format json"
      Then it succeeds
      And it prints JSON with $[0].jid
      And it prints a document as the schema "list" has it

    Scenario: A plan
      Given a bundle
      When container "web" is created with "--dry-run --format json"
      Then it succeeds
      And it prints a document as the schema "plan" has it

  Rule: About the host

    @no-driver
    Scenario: Everything that check looks at
      When everything is checked
      Then it prints a document as the schema "check" has it

    @no-driver
    Scenario: A check that fails
      Given the variable "NEXCAGE_CONFIG" of the caller is "{dir}/nowhere.json"
      When everything is checked
      Then it exits with status 2
      And it prints a document as the schema "check" has it

    @no-driver
    Scenario Outline: <name>: <arguments>
      Given a file "own.json" that reads
        """
        {"runtime": {"log_level": "info", "routing": [{"pattern": "c*", "runtime": "runc"}]}}
        """
      And a file "wrong.json" that reads
        """
        {"runtime": {"log_levle": "info"}}
        """
      When the runtime is called with "<arguments>"
      Then it exits with status <status>
      And it prints a document as the schema "<name>" has it

      Examples:
        | name         | arguments                                                    | status |
        | version      | version --format json                                        | 0      |
        | route        | route web --format json                                      | 0      |
        | route        | --config {dir}/own.json route crow --format json             | 0      |
        | route        | --runtime jail route web --format json                       | 1      |
        | config-show  | config show --format json                                    | 0      |
        | config-show  | --config {dir}/own.json config show --origin --format json   | 0      |
        | config-check | config check --format json {dir}/own.json                    | 0      |
        | config-check | config check --format json {dir}/wrong.json                  | 2      |
