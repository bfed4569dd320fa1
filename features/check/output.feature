@nexcage @root @issue-113
Feature: What check prints
  "nexcage check" looks at the host and at all that nexcage keeps, and changes nothing. It says of each thing whether it is
  well, with one action where it is not. Its exit status is 0 when all is well, 1 for warnings, 2 for failures.

  Rule: Groups can be looked at alone

    @no-driver
    Scenario: Without a word, all groups are looked at
      When everything is checked
      Then only the groups "drivers storage network config state bundles resources security" were looked at, in this order
      And the exit status and the counts are those of the results

    @no-driver
    Scenario: Only the groups that are named are looked at, in the usual order
      When resources config are checked
      Then only the groups "config resources" were looked at, in this order
      And the exit status and the counts are those of the results

    @no-driver
    Scenario: An unknown group is refused
      When the runtime is called with "check storrage"
      Then it exits with status 2
      And the error is the line "nexcage: check: unknown group "storrage""
      And the hint says "did you mean storage?"
      And nothing is printed

    @no-driver
    Scenario: A form that check does not have is refused
      When the runtime is called with "check --format names"
      Then it exits with status 2
      And the error says "check cannot print the format "names""

    @no-driver
    Scenario: health is another name of it
      When the runtime is called with "health config --format json"
      Then it succeeds
      And only the groups "config" were looked at, in this order

  Rule: The exit status is that of the worst result

    @no-driver
    Scenario: Status 0 when all is well
      When config is checked
      Then it succeeds
      And check config has nothing to complain of

    @no-driver
    Scenario: Status 1 for a warning
      Given a directory "root"
      And "root" has mode 0755
      When config security are checked
      Then it exits with status 1
      And check security warns "{root} has mode 0755: others can see the records"
      And the exit status and the counts are those of the results

    @no-driver
    Scenario: Status 2 for a failure, and the other groups are looked at all the same
      Given the variable "NEXCAGE_CONFIG" of the caller is "{dir}/nowhere.json"
      When everything is checked
      Then it exits with status 2
      And only the groups "drivers storage network config state bundles resources security" were looked at, in this order
      And check config fails "{dir}/nowhere.json: the configuration that NEXCAGE_CONFIG names does not exist"
      And check network fails "{dir}/nowhere.json"
      And the exit status and the counts are those of the results

  Rule: For people there is a table, for programs JSON or lines with tabs

    @no-driver
    Scenario: Each result has a line, and a failure has its hint below it
      Given a file "own.json" that says "{"
      And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
      When the runtime is called with "check config"
      Then it exits with status 2
      And it prints a line like "fail   config   file   {dir}/own.json: line 2, column 1: .*"
      And it prints a line like "       hint: correct it there"
      And it prints a line like "0 passed, 0 warnings, 1 failure"

    @no-driver
    Scenario: With --quiet only what is not right is shown
      When the runtime is called with "check config --quiet"
      Then it succeeds
      And nothing is said

    @no-driver
    Scenario: With --quiet the counts in JSON are still those of everything
      When the runtime is called with "check config -q --format json"
      Then it succeeds
      And it prints JSON with $.counts {"pass": 1, "warn": 0, "fail": 0}
      And it prints JSON with $.results []

    @no-driver
    Scenario: Lines with tabs have a heading
      When the runtime is called with "check config --format tsv"
      Then it succeeds
      And it prints a line like "STATUS\tGROUP\tNAME\tMESSAGE\tHINT"
      And it prints a line like "pass\tconfig\tfile\tno file is in use: the defaults are\t"

    @no-driver
    Scenario: A name with what a terminal would obey is printed without it
      When the shell runs "export NEXCAGE_CONFIG=$(printf '/a\033[31mb'); exec "$@"" with the runtime as its arguments "check config"
      Then it exits with status 2
      And it prints a line like "fail   config   file   /a\\x1b\[31mb: .*"

  Rule: There are colours on a terminal only

    @no-driver
    Scenario: A terminal is shown colours
      When config are checked on a terminal with "LINES=20"
      Then the terminal was shown colours

    @no-driver
    Scenario: NO_COLOR is obeyed
      When config are checked on a terminal with "NO_COLOR=1"
      Then the terminal was shown no colours

    @no-driver
    Scenario: A terminal that knows no colours is shown none
      When config are checked on a terminal with "TERM=dumb"
      Then the terminal was shown no colours

    @no-driver
    Scenario: A pipe gets no colours
      When the runtime is called with "check config"
      Then it prints a line like "pass   config   file   no file is in use: the defaults are"

  Rule: Nothing is changed, and it is fast

    Scenario: What lies below the root stays as it is
      Given a bundle that runs "sleep 100"
      And a created container "web"
      And all that is below "root" is remembered
      When everything is checked
      Then nothing below "root" has changed

    @no-driver
    Scenario: No root is made where there is none
      When everything is checked
      Then file "root" does not exist

    @no-driver
    Scenario: An empty root stays empty
      Given a directory "root"
      And all that is below "root" is remembered
      When everything is checked
      Then nothing below "root" has changed

    @pct
    Scenario: On a node of Proxmox VE no root is made either
      When everything is checked
      Then check drivers passes "(Proxmox VE"
      And file "root" does not exist

    @crun
    Scenario: A thousand records take less than two seconds
      Given 1000 containers of driver crun have records
      When everything is checked
      Then it has taken less than 2 seconds
      And check drivers passes "crun"

    @pct
    Scenario: A thousand containers of Proxmox VE cost three of its tools
      Given a Proxmox VE node where LXC is only a model
      And 1000 containers of driver pct have records
      When everything is checked
      Then the node's tools were started at most 3 times
      And pvesm status was called 1 times
      And check drivers passes "(Proxmox VE"
