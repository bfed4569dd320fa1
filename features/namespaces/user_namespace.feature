@oci @root @issue-88 @needs-userns
Feature: A user namespace: root inside, nobody outside
  With a `user` namespace and mappings, the users of the container are other, unprivileged users of the host. What
  the container's root does outside of its namespaces, it does as such a user.

  Rule: Users are mapped as the bundle says

    Scenario: Root of the container is another user of the host
      Given the bundle "unprivileged" that runs "sleep 100"
      And a running container "web"
      Then the host runs the first process of container "web" as user 100000

    Scenario: Inside it is root
      Given the bundle "unprivileged" that runs the probe
      When container "web" is run
      Then the container has a user namespace of its own
      And the container sees uid 0 and gid 0

    Scenario: The mappings of the bundle
      Given the bundle "unprivileged" that runs the script "echo $(cat /proc/self/uid_map), $(cat /proc/self/gid_map)"
      When container "web" is run
      Then it prints "0 100000 65536, 0 200000 65536"

    Scenario: Another user of the container
      Given the bundle "unprivileged" that runs "sleep 100"
      And its config.json has $.process.user set to the JSON {"uid": 7, "gid": 7}
      And a running container "web"
      Then the host runs the first process of container "web" as user 100007

    Scenario: An executed program is mapped too
      Given the bundle "unprivileged"
      And a running container "web"
      When the probe is executed in container "web"
      Then the container is in the user namespace of container "web"
      And the container sees uid 0 and gid 0

  Rule: Files of the host's root stay root's

    Scenario: Reading a file that only the host's root may read
      Given the bundle "unprivileged" that runs "cat /etc/secret"
      And its root has a file "/etc/secret" that says "for root"
      And "{rootfs}/etc/secret" has mode 600
      When container "web" is run
      Then it exits with status 1
      And the error says "Permission denied"

    Scenario: Files of users that are not mapped belong to nobody
      Given the bundle "unprivileged" that runs "stat -c %u:%g /bin/busybox"
      When container "web" is run
      Then it prints "65534:65534"

  Rule: Without a user namespace users are the host's

    Scenario: A container without mappings
      Given a bundle that runs "sleep 100"
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      And a running container "web"
      Then the host runs the first process of container "web" as user 1000
