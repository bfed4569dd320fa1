@nexcage @root @pct @issue-87 @issue-88 @needs-lxc
Feature: Start a container on a Proxmox VE node
  `start` lets the program begin. A container of Proxmox VE lasts: when it has stopped it is started again.

  Rule: A created container is started, by one call of the node's tools

    Scenario: A first start
      Given a created container "web"
      When container "web" is started
      Then it succeeds
      And nothing is said
      And the node's tools were started 1 times
      And container "web" stays running
      And the node says that container "web" is running
      And the state of container "web" names its first process

    Scenario: Starting again what has stopped
      Given a stopped container "web"
      When container "web" is started
      Then it succeeds
      And container "web" stays running
      And the state of container "web" names its first process

    Scenario: A program that ends at once
      Given a bundle that runs "true"
      And a created container "web"
      When container "web" is started
      Then it succeeds
      And container "web" is stopped

  Rule: What runs cannot be started

    Scenario: Starting a running container
      Given a running container "web"
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: cannot start container "web": it is already running"
      And the node's tools were started 0 times
      And container "web" stays running

    Scenario: Starting a paused container
      Given a paused container "web"
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: cannot start container "web": it is already paused"
      And container "web" stays paused

  Rule: A start that comes to nothing is said, and can be tried again

    Scenario: Starting a program whose interpreter is missing
      Given a bundle that runs "odd"
      And its root has a file "bin/odd" that says "#!/no/such/interpreter"
      And "{rootfs}/bin/odd" has mode 755
      And a created container "web"
      When container "web" is started
      Then it exits with status 1
      And the error is one line
      And the error says "odd"
      And container "web" stays stopped

    Scenario: Starting what does not exist on the node
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: container "web" does not exist"
