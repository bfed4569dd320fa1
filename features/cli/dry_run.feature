@nexcage @root @issue-cli
Feature: See what would be done
  With --dry-run a command prints its plan, one step a line or as JSON, and touches nothing: no record, no file, no
  process. What would be refused is refused.

  Rule: The plan is printed, and nothing is touched

    Scenario: The plan of a create
      Given a bundle
      And all that is below "{dir}/bundle" is remembered
      When container "web" is created with "--dry-run"
      Then it succeeds
      And it prints a line like "create container "web" with (crun|runc):"
      And it prints a line like "  mkdir  {root}/web"
      And it prints a line like "  run    .* --root {root}/@\w+ .*create .*--bundle {bundle} .*web"
      And it prints a line like "  write  {root}/web/record.json \(\d+ bytes\)"
      And nothing below "{dir}/bundle" has changed
      And file "root" does not exist
      And nothing is left behind

    Scenario: The plan as JSON
      Given a bundle
      When container "web" is created with "--dry-run --format json"
      Then it succeeds
      And it prints JSON with $.verb "create"
      And it prints JSON with $.id "web"
      And it prints JSON with $.steps[0].do "mkdir"
      And it prints JSON with $.steps[0].path "{root}/web"
      And it prints JSON with $.steps[0].undo "remove"
      And it prints JSON with $.steps[1].argv[0]
      And it prints JSON with $.steps[1].undo[0]
      And it prints JSON with $.steps[2].bytes
      And file "root" does not exist

    Scenario: A config that is changed for the driver shows as a step
      Given a bundle
      And its config.json has $.process.rlimits set to the JSON [{"type": "RLIMIT_CORE", "soft": 5, "hard": 9223372036854775807}]
      When container "web" is created with "--dry-run"
      Then it succeeds
      And file "root" does not exist

    Scenario Outline: <verb> of a running container
      Given a running container "web"
      And all that is below "{root}/web" is remembered
      When the runtime is called with "--dry-run <verb> <arguments>"
      Then it succeeds
      And it prints something with "<shown>"
      And nothing below "{root}/web" has changed
      And container "web" stays running

      Examples:
        | verb   | arguments              | shown               |
        | kill   | web KILL               | kill web 9          |
        | delete | --force web            | delete --force web  |
        | pause  | web                    | pause web           |
        | exec   | web touch /touched     | exec                |
        | update | --pids-limit 5 web     | update --resources  |
        | stop   | web                    | kill web 15         |

    Scenario: The plan can be pasted into a shell
      Given a bundle
      When container "web" is created with "--dry-run --pid-file '{dir}/two words'"
      Then it prints something with "--pid-file '{dir}/two words'"

  Rule: What would be refused is refused

    Scenario: A bundle that cannot be used
      Given a bundle
      And its config.json has $.process.cwd set to "tmp"
      When container "web" is created with "--dry-run"
      Then it exits with status 2
      And nothing is printed
      And the error says "$.process.cwd: must be an absolute path"

    Scenario: A container that does not exist
      When the runtime is called with "--dry-run start web"
      Then it exits with status 1
      And the error says "container "web" does not exist"
