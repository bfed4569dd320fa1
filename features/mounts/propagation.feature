@oci @root @issue-88 @issue-mounts
Feature: Mount propagation
  Whether a mount that is made later, on the host or in the container, shows up on the other side. Without a word in
  the bundle it does not.

  Rule: Each mount has the propagation that its options name

    Scenario Outline: A bind mount with <option>
      Given a directory "share"
      And a bundle that runs the probe
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["rbind", "<option>"]}
      And its config.json has $.linux.rootfsPropagation set to "rslave"
      When container "web" is run
      Then the container sees a mount at "/data" with the propagation "<seen>"

      Examples:
        | option      | seen       |
        | rprivate    | private    |
        | private     | private    |
        | unbindable  | unbindable |

    Scenario: A slave of a shared mount
      Given a shared file system is mounted on "share"
      And a bundle that runs the probe
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["rbind", "rslave"]}
      And its config.json has $.linux.rootfsPropagation set to "rslave"
      When container "web" is run
      Then the container sees a mount at "/data" with the propagation "master"

  Rule: A later mount of the host shows up only where it is meant to

    Scenario Outline: A later mount of the host below a mount with <option>
      Given a shared file system is mounted on "share"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["rbind", "<option>"]}
      And its config.json has $.linux.rootfsPropagation set to "rslave"
      And a running container "web"
      And a directory "share/later"
      And a file system is mounted on "share/later" with a file "note"
      When "ls /data/later" is executed in container "web"
      Then it prints "<seen>"

      Examples:
        | option   | seen |
        | rslave   | note |
        | rprivate |      |
