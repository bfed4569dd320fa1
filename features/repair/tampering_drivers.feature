@nexcage @root @issue-113
Feature: What drivers keep of a container has been tampered with
  crun, runc, jails and Proxmox VE keep facts of their own. nexcage looks at them before it lets a driver act on
  them: a pipe would hold it for ever, a link lead it to another container, half a file make it forget one that runs.

  Rule: The state of crun

    @crun
    Scenario Outline: crun's state of a container is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/@crun/web/status" becomes <what>
      Then "state kill delete" of container "web" are refused: {root}/@crun/web/status<message>
      And container "db" goes on beside the error: {root}/@crun/web/status<message>
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/@crun/web/status<message>"
      And check state does not speak of "is gone"
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And container "db" goes on

      Examples:
        | what             | message       |
        | half of it       | : line        |
        | an array         | : $.pid: must |

    @crun
    Scenario Outline: In the place of crun's state there is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/@crun/web<path>" becomes <what>
      Then "state kill delete" of container "web" are refused: {root}/@crun/web<path> is
      And container "db" goes on beside the error: {root}/@crun/web<path> is
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And container "db" goes on

      Examples:
        | path    | what                              |
        | /status | a pipe                            |
        | /status | a link to {root}/@crun/db/status  |
        |         | a link to {root}/@crun/db         |

    @crun
    Scenario: crun's directory of a container has been emptied
      Given a running container "web"
      And a running container "db"
      And "{root}/@crun/web" becomes a directory
      Then "delete" of container "web" are refused: {root}/@crun/web/status is missing
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And container "db" goes on

  Rule: The state of runc

    @runc
    Scenario Outline: runc's state of a container is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/@runc/web/state.json" becomes <what>
      Then "state kill delete" of container "web" are refused: {root}/@runc/web/state.json
      And container "db" goes on beside the error: {root}/@runc/web/state.json
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/@runc/web/state.json"
      And check state does not speak of "is gone"
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And container "db" goes on

      Examples:
        | what                                  |
        | half of it                            |
        | a pipe                                |
        | a link to {root}/@runc/db/state.json  |

  Rule: What is kept of a jail

    @jail
    Scenario Outline: The file of a jail is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/web/jail.json" becomes <what>
      Then "state kill delete" of container "web" are refused: {root}/web/jail.json<message>
      And container "db" goes on beside the error: {root}/web/jail.json<message>
      When container "web" is deleted by force
      Then it succeeds
      And file "{root}/web" does not exist
      And the host has 1 jails
      And container "db" goes on
      When container "db" is deleted by force
      Then the host has no jail
      And nothing is left on the host

      Examples:
        | what         | message                |
        | half of it   | : line 1               |
        | other JSON   | : $.name: missing      |

    @jail
    Scenario Outline: In the place of a jail's file there is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/web/jail.json" becomes <what>
      Then "state kill delete" of container "web" are refused: {root}/web/jail.json is
      And container "db" goes on beside the error: {root}/web/jail.json is
      When container "web" is deleted by force
      Then it succeeds
      And the host has 1 jails
      And container "db" goes on

      Examples:
        | what                               |
        | a pipe                             |
        | a link to {root}/db/jail.json      |

    @jail
    Scenario: The file of a jail that a newer nexcage has made
      Given a running container "web"
      And "{root}/web/jail.json" becomes of a newer nexcage
      Then "state kill delete" of container "web" are left to a newer nexcage: {root}/web/jail.json: of format 2
      When container "web" is deleted by force
      Then it succeeds
      And the host has no jail

    @jail
    Scenario Outline: What a process in a jail starts from is <what>
      Given a running container "web"
      And "{root}/web/process.json" becomes <what>
      Then "exec" of container "web" are refused: {root}/web/process.json
      And container "web" is running
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left on the host

      Examples:
        | what                  |
        | half of it            |
        | a pipe                |
        | a link to /etc/shadow |

    @jail
    Scenario: Damage of one jail's file does not hold another's delete
      Given a running container "web"
      And a running container "db"
      And "{root}/web/jail.json" becomes random bytes
      When container "db" is deleted by force
      Then it succeeds
      And file "{root}/db" does not exist
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left on the host

  Rule: A record of a container on a node

    @pct
    Scenario Outline: The record of a container on a node is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/web/record.json" becomes <what>
      Then "state kill delete" of container "web" are refused: {root}/web/record.json
      And container "db" goes on beside the error: {root}/web/record.json
      When container "web" is deleted by force
      Then it succeeds
      And the node has 1 containers
      And container "db" goes on
      When container "db" is deleted by force
      Then nothing is left on the node

      Examples:
        | what                               |
        | half of it                         |
        | a link to {root}/db/record.json    |

    @pct
    Scenario: A record whose number is none
      Given a running container "web"
      And a running container "db"
      And the record of container "web" has $.handle "web"
      Then "state kill delete" of container "web" are refused: {root}/web/record.json: $.handle: must be the name of
      And container "db" goes on beside the error: $.handle: must be the name of
      When container "web" is deleted by force
      Then it succeeds
      And the node has 1 containers
      And container "db" goes on
