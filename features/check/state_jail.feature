@nexcage @root @jail @issue-113
Feature: Check the state on a FreeBSD host
  Jails, mounts, rule sets of /dev and limits outlive the commands that made them. Each is listed once, whatever the number
  of containers, and compared with what creates have noted.

  Rule: A handful of calls of the host's tools is enough for any number of containers

    Scenario: All is well with twenty jails
      Given a bundle that runs "sleep 100"
      And the bundle has a copy for each of 20 containers
      When 20 containers are created at the same time
      And container "c3" is started
      And state is checked
      Then it succeeds
      And the host's tools were called at most 6 times
      And check state passes "20 containers as recorded"
      And check state has nothing to complain of

    Scenario: FreeBSD 14 has no place for a mark
      Given a FreeBSD 14.3 host
      And a running container "web"
      And the host has the jail "db"
      When state is checked
      Then it succeeds
      And check state has nothing to complain of

  Rule: Each record has its jail

    Scenario: A jail that somebody removed
      Given a running container "web"
      And a running container "db"
      When somebody calls "jail -R {jid of web}" on the FreeBSD host
      And state is checked
      Then it exits with status 2
      And check state fails "container "web" is gone: jail "web" does not exist"
      And check state hints "nexcage delete --force web"
      And check state does not speak of "db"

    Scenario: Nothing says what was made for a container
      Given a created container "web"
      When somebody runs "mv {root}/web/jail.json {dir}/lost"
      And state is checked
      Then it exits with status 2
      And check state fails "container "web" is gone: nothing says what was made for it"
      When somebody runs "mv {dir}/lost {root}/web/jail.json"
      And state is checked
      Then check state has nothing to complain of

  Rule: Each jail with our mark has its record

    Scenario: A jail whose record is lost
      Given a running container "web"
      And the host has the jail "db"
      When somebody runs "mv {root}/web {dir}/lost"
      And state is checked
      Then it exits with status 1
      And check state warns "jail "web" (JID {jid of web}) bears the mark of container "web", of which {root} has no record"
      And check state hints "jail -R {jid of web}"
      And check state does not speak of "db"
      When somebody runs "mv {dir}/lost {root}/web"
      And state is checked
      Then check state has nothing to complain of

  Rule: Nothing is left behind

    Scenario: Rule sets of ours and of others
      Given a running container "web"
      And the host has the rule set 23456 without rules
      And the host has the rule set 100 without rules
      When state is checked
      Then it exits with status 1
      And check state warns "devfs rule set 23456 belongs to no container"
      And check state hints "devfs rule -s 23456 delset"
      And check state does not speak of "rule set 100 "

    Scenario: The rule set of a container that lives is its own
      Given a bundle that runs "sleep 100"
      And its config.json has $.freebsd set to the JSON {"devices": [{"path": "zero", "mode": 438}]}
      And its config.json has $.linux.resources set to the JSON {"pids": {"limit": 5}}
      And a running container "web"
      When state is checked
      Then check state has nothing to complain of

    Scenario: Limits of a jail that is gone
      Given a running container "web"
      And the host has the jail "db"
      And somebody calls "rctl -a jail:old:maxproc:deny=5" on the FreeBSD host
      And somebody calls "rctl -a jail:db:maxproc:deny=5" on the FreeBSD host
      When state is checked
      Then it exits with status 1
      And check state warns "there are limits for jail "old", which does not exist"
      And check state hints "rctl -r jail:old"
      And check state does not speak of "jail "db""

    Scenario: A host that does not count resources has no limits to look at
      Given the host does not count resources
      And a running container "web"
      When state is checked
      Then check state has nothing to complain of
