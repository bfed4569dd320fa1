@nexcage @root @issue-cli
Feature: Lists in the form that is wanted
  "list" shows the columns that are named, in their order: for people as a table, for scripts with tabs. Scripts that
  were written for the older nexcage get its columns.

  Rule: Columns can be chosen

    Scenario: What runs where
      Given a running container "web"
      When the runtime is called with "list --columns id,status,driver,command --format tsv"
      Then it succeeds
      And it prints 2 lines
      And it prints a line like "ID\tSTATUS\tDRIVER\tCOMMAND"
      And it prints a line like "web\trunning\t(crun|runc)\t.*sleep.*"

    @no-driver
    Scenario Outline: Columns that are none: <columns>
      When the runtime is called with "list --columns <columns>"
      Then it exits with status 2
      And the error says "<message>"
      And nothing is printed

      Examples:
        | columns   | message                        |
        | id,stauts | unknown column "stauts"        |
        | id,id     | a column is named twice        |
        | id,       | unknown column ""              |

  Rule: Containers of one driver can be asked for

    @runc
    Scenario: A driver is named
      Given a created container "web"
      When the runtime is called with "list -q --runtime runc"
      Then it succeeds
      And it prints a line like "web"
      When the runtime is called with "list -q --backend jail"
      Then it succeeds
      And nothing is printed
      When the runtime is called with "list --runtime qemu"
      Then it exits with status 2
      And the error says "virtual machines are not containers"

  Rule: The columns of the older nexcage

    Scenario: A container of this host
      Given a running container "web"
      When the runtime is called with "list --columns upstream --format tsv"
      Then it succeeds
      And it prints a line like "ID\tIMAGE\tCOMMAND\tCREATED\tSTATUS\tBACKEND\tNODE\tNAMES"
      And it prints a line like "web\tunknown\t.*sleep.*\t2.*Z\trunning\t(crun|runc)\t[^\t]+\tweb"

    @pct
    Scenario: A container of Proxmox VE has its number for an id
      Given a created container "web"
      When the runtime is called with "list --columns upstream --format tsv"
      Then it succeeds
      And it prints a line like "{vmid of web}\t[^\t]+\t[^\t]+\t2.*Z\tcreated\tpct\t[^\t]+\tweb"

  Rule: Only ids

    Scenario: Host pids of a container
      Given a running container "web"
      When the runtime is called with "ps -q web"
      Then it succeeds
      And it prints 1 lines
      And it prints a line like "[1-9][0-9]*"
