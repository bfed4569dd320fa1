@nexcage @root @jail @issue-108
Feature: The list of containers on a FreeBSD host
  Records say what nexcage has made, the host says what lives. One call of ps tells the states of all containers; a jail
  counts as ours only by number and name together.

  Rule: One call of ps tells all states

    Scenario: Twenty containers
      Given a bundle that runs "sleep 100"
      And the bundle has a copy for each of 20 containers
      When 20 containers are created at the same time
      And container "c3" is started
      And container "c7" is started
      And container "c7" is paused
      And container "c9" is sent signal "KILL"
      And container "c12" is started
      And somebody calls "jail -R {jid of c15}" on the FreeBSD host
      And the list of containers is asked for
      Then it succeeds
      And the host's tools were called at most 1 times
      And the list names 15 containers as created
      And the list names 2 containers as running
      And the list names container "c3" as running
      And the list names container "c7" as paused
      And the list names container "c9" as stopped
      And the list names container "c12" as running
      And the list names container "c15" as stopped
      And the list has the jail number of container "c12"
      When all containers are deleted by force
      And the list of containers is asked for
      Then the list is empty
      And the host's tools were called at most 0 times
      And nothing is left on the host

    Scenario: As a table, and as names
      Given a running container "web"
      When the runtime is called with "list"
      Then it prints a line like "ID +PID +STATUS +DRIVER +BUNDLE +CREATED +OWNER"
      And it prints a line like "web +\d+ +running +jail +{bundle} +\S+ +root"
      When the runtime is called with "list --quiet"
      Then it prints "web"
      And the host's tools were called at most 1 times

  Rule: A jail that somebody else has made is not ours

    Scenario: Jails of others
      Given the host has the jail "db"
      And a created container "web"
      When the list of containers is asked for
      Then it prints nothing with "db"
      And the list names 1 containers as created
      When container "db" is deleted by force
      Then it succeeds
      And the host now has the jail "db"

    Scenario: The number of a container's jail has gone to somebody's
      Given a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON {"pids": {"limit": 5}}
      And a running container "web"
      When somebody makes the jail "db" with the number that the jail of container "web" had
      And somebody calls "jexec db sleep 0" on the FreeBSD host
      And the list of containers is asked for
      Then the list names container "web" as stopped
      And container "web" stays stopped
      When container "web" is sent signal "KILL" to all its processes
      Then it succeeds
      When "true" is executed in container "web"
      Then it exits with status 1
      When container "web" is deleted
      Then it succeeds
      And container "web" does not exist
      And the host now has the jail "db"
      And the host has 0 limits
      And the host was never asked "jail -R"
      And the host was never asked "pkill"
      And nothing is left on the host

  Rule: A reboot takes jails, and leaves records

    Scenario: Before and after
      Given a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/made/for/it", "type": "tmpfs", "source": "tmpfs"}
      And its config.json has $.root.readonly set to the JSON true
      And a running container "web"
      When the FreeBSD host reboots
      And the list of containers is asked for
      Then it succeeds
      And the list names container "web" as stopped
      And container "web" stays stopped
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: cannot start container "web": it has stopped"
      When container "web" is deleted
      Then it succeeds
      And nothing is said
      And the root of container "web" holds what it held before
      And nothing is left on the host
      And nothing is left behind
      When container "web" is created
      Then it succeeds

    Scenario: A jail of the next boot has the same name and number
      Given a running container "web"
      When the FreeBSD host reboots
      And somebody calls "jail -c jid={jid of web} name=web path=/ persist" on the FreeBSD host
      Then container "web" is stopped
      When container "web" is deleted
      Then it succeeds
      And the host now has the jail "web"
      And nothing is left on the host
