@nexcage @root @jail @issue-113
Feature: Repair on FreeBSD
  A jail is made of a jail, mounts, rules and limits. Whatever a killed command left of them is taken back, item by item,
  and a record that was lost is written again from the mark that the jail bears.

  Rule: A create that was cut short is undone

    Scenario: Kill -9 during a hook
      Given a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/mnt/new", "type": "tmpfs", "source": "tmpfs"}
      And its config.json has $.linux set to the JSON {"resources": {"pids": {"limit": 5}}}
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And the create of container "web" is sent signal "KILL"
      Then the create of container "web" ends with status -9 within 5 seconds
      When the runtime is called with "repair --yes"
      Then it succeeds
      And nothing is left on the host
      And nothing is left behind
      And the root of container "web" holds what it held before
      And state has nothing left to mend

    Scenario: What a create could not take back
      Given a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/mnt/new", "type": "tmpfs", "source": "tmpfs"}
      And the host's "jail -c" will fail with "jail: the moon is full"
      And the mount at "{rootfs}/mnt/new" cannot be unmounted
      When container "web" is created
      Then it fails
      And it warns "could not undo: run    mount -t tmpfs tmpfs {rootfs}/mnt/new"
      When the host is well again
      And the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "undo the create of container "web", which was cut short"
      And nothing is left on the host
      And nothing is left behind
      And the root of container "web" holds what it held before

  Rule: The record is written again from the jail's mark

    Scenario: A running container loses its record and all that lay beside it
      Given a running container "web"
      And file or directory "{root}/web" is removed
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "write the record of container "web" again, as jail knows it"
      And container "web" stays running
      And the state of container "web" names its bundle
      And state has nothing left to mend
      When "true" is executed in container "web"
      Then it succeeds
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left on the host
      And nothing is left behind

    Scenario: Only the record is lost
      Given a created container "web"
      And the record of container "web" is lost
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays created
      When container "web" is started
      Then it succeeds
      And container "web" is running

    Scenario: What was never started cannot be any more, and goes
      Given a created container "web"
      And file or directory "{root}/web" is removed
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "can never be started"
      And nothing is left on the host
      And nothing is left behind

  Rule: What was begun is finished

    Scenario: A delete that was killed after the jail had gone
      Given a running container "web"
      And the delete of container "web" was cut short
      When somebody calls "jail -R {jid of web}" on the FreeBSD host
      And the runtime is called with "repair --yes"
      Then it succeeds
      And nothing is left on the host
      And nothing is left behind

    Scenario: A pause that came to some of its processes
      Given a running container "web"
      And the pause of container "web" was cut short
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" is paused
      And state has nothing left to mend

    Scenario: A pause that was taken back since
      Given a running container "web"
      And the pause of container "web" was cut short
      When container "web" is paused
      And container "web" is resumed
      And the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays running

  Rule: A jail of somebody else is left alone

    Scenario: A jail without our mark
      Given the host has the jail "db"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints "nothing to mend"
      And the host has 1 jails
