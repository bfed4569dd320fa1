@nexcage @root @issue-113
Feature: Many commands at once
  Commands do not know of each other. Each container is made once, removed once, and seen whole or not at all; whoever
  comes too late is told so.

  Rule: As many containers as are asked for

    @crun
    Scenario: Two hundred containers at once
      Given a bundle
      When 200 creates begin at once, 200 in the large run
      Then each of them is listed once, as created
      When all of them are deleted at once by force
      Then nothing is left behind

    @runc
    Scenario: Many containers of runc at once
      Given a bundle
      When 20 creates begin at once, 200 in the large run
      Then each of them is listed once, as created
      When all of them are deleted at once by force
      Then nothing is left behind

    @pct
    Scenario: Many containers of a node at once get as many numbers
      Given a Proxmox VE node where LXC is only a model
      And a bundle
      When 12 creates begin at once, 200 in the large run
      Then each of them is listed once, as created
      When all of them are deleted at once by force
      Then nothing is left on the node
      And nothing is left behind

    @jail
    Scenario: Many jails at once
      Given a bundle that runs "sleep 100"
      When 12 creates begin at once, 60 in the large run
      Then each of them is listed once, as created
      When all of them are deleted at once by force
      Then the host has no jail
      And nothing is left on the host

  Rule: One name, one container

    @crun
    Scenario: Fifty creates of one container
      Given a bundle
      When 50 creates of container "web" begin at once
      Then exactly one of the 50 has won, the others say that container "web" is taken
      And container "web" is created
      When container "web" is deleted by force
      Then nothing is left behind

    @runc
    Scenario: Fifty creates of one container of runc
      Given a bundle
      When 50 creates of container "web" begin at once
      Then exactly one of the 50 has won, the others say that container "web" is taken
      When container "web" is deleted by force
      Then nothing is left behind

    @pct
    Scenario: Twenty creates of one container of a node
      Given a Proxmox VE node where LXC is only a model
      And a bundle
      When 20 creates of container "web" begin at once
      Then exactly one of the 20 has won, the others say that container "web" is taken
      And the node has 1 containers
      When container "web" is deleted by force
      Then nothing is left on the node

    @jail
    Scenario: Twenty creates of one jail
      Given a bundle that runs "sleep 100"
      When 20 creates of container "web" begin at once
      Then exactly one of the 20 has won, the others say that container "web" is taken
      And the host has 1 jails
      When container "web" is deleted by force
      Then nothing is left on the host

    Scenario: Twenty deletes by force of one container
      Given a running container "web"
      When container "web" is deleted by force 20 times at once
      Then nothing is left behind

    @jail
    Scenario: Twenty deletes by force of one jail
      Given a running container "web"
      When container "web" is deleted by force 20 times at once
      Then nothing is left on the host

    @pct
    Scenario: Eight deletes by force of one container of a node
      Given a Proxmox VE node where LXC is only a model
      And a created container "web"
      When container "web" is deleted by force 8 times at once
      Then nothing is left on the node

    Scenario: Twenty deletes of one container
      Given a stopped container "web"
      When container "web" is deleted 20 times at once
      Then some of the 20 have deleted it, the others say that it does not exist
      And nothing is left behind

  Rule: Whoever looks sees whole containers, and none that was deleted

    @crun
    Scenario: All verbs race for four containers
      Given a bundle
      When all verbs race for 4 containers for 8 seconds, 60 in the large run
      Then state has nothing to complain of once all containers are deleted by force
      And nothing is left behind

    @runc
    Scenario: All verbs race for four containers of runc
      Given a bundle
      When all verbs race for 4 containers for 4 seconds, 60 in the large run
      Then state has nothing to complain of once all containers are deleted by force
      And nothing is left behind

    @pct
    Scenario: All verbs race for three containers of a node
      Given a Proxmox VE node where LXC is only a model
      And a bundle
      When all verbs race for 3 containers for 5 seconds, 60 in the large run
      Then state has nothing to complain of once all containers are deleted by force
      And nothing is left on the node

    @jail
    Scenario: All verbs race for three jails
      Given a bundle that runs "sleep 100"
      When all verbs race for 3 containers for 5 seconds, 60 in the large run
      Then state has nothing to complain of once all containers are deleted by force
      And nothing is left on the host

    @crun
    Scenario: A delete that is slow does not remove the next container of that name
      Given the caller finds a program "crun" that does
        """
        PATH=/usr/sbin:/usr/bin:/sbin:/bin crun "$@"
        code=$?
        case "$*" in *" delete web") touch {dir}/told; sleep 1 ;; esac
        exit $code
        """
      And a stopped container "web"
      When a delete of container "web" has come to "{dir}/told"
      And container "web" is deleted by force
      Then it succeeds
      When container "web" is created
      Then it succeeds
      And the delete of container "web" ends with status 0
      And container "web" stays created
      When container "web" is deleted by force
      Then nothing is left behind

  Rule: Check is not misled by what is on its way

    @jail
    Scenario: Jails come and go meanwhile
      Given a running container "steady"
      Then state never has anything to complain of while 3 containers are created and deleted

    @pct
    Scenario: Containers of a node come and go meanwhile
      Given a Proxmox VE node where LXC is only a model
      And a created container "steady"
      Then state never has anything to complain of while 4 containers are created and deleted
