@nexcage @root @pct @issue-87 @issue-103
Feature: Numbers of containers
  Proxmox VE knows a container by a number, its VMID, which virtual machines share; people know it by nexcage's id. The
  record has both, and the container itself has a mark with the id.

  Background:
    Given a bundle

  Rule: Without --vmid it is the cluster's next free number

    Scenario: The first number
      When container "web" is created
      Then it succeeds
      And the node has container "{vmid}"
      And pct create was given "create {vmid}"
      And pvesh get was called 1 times

    Scenario: The number that somebody else has is passed over
      Given a guest with the number "{vmid}" of somebody else
      When container "web" is created
      Then it succeeds
      And pct create was not given "{vmid}"
      And the node has 2 containers

    Scenario: Five creates at once get five numbers
      When 5 containers are created at the same time
      Then the node has 5 containers

  Rule: --vmid is honoured

    Scenario: The number of the option
      When container "web" is created with "--vmid 4711"
      Then it succeeds
      And the node has container "4711"
      And pct create was given "4711"
      And the node's tools were started at most 2 times

    Scenario: The number of an annotation
      Given its config.json has $.annotations["io.nexcage.pct.vmid"] set to "4711"
      When container "web" is created
      Then it succeeds
      And the node has container "4711"

    Scenario Outline: A number that <what> has is refused, and no container is touched
      Given <what>
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error is the line "nexcage: create: VMID 4711 is in use"
      And the hint says "leave out --vmid, or see which are in use: pvesh get /cluster/resources --type vm"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | what                                |
        | container 4711 of somebody else     |
        | virtual machine 4711                |
        | container 4711 on node "other"      |

    Scenario Outline: The number <number> is none
      When container "web" is created with "--vmid <number>"
      Then it exits with status 2
      And the error says "option --vmid: "<number>" is "
      And the node's tools were started at most 1 times
      And nothing is left behind

      Examples:
        | number     |
        | 99         |
        | 0200       |
        | 1000000000 |
        | web        |

  Rule: A number that somebody else gets first is given up, and the next one tried

    Scenario: A race for the number
      Given "pct create" will fail with "CT {vmid} already exists on node 'pve'"
      When container "web" is created
      Then it succeeds
      And nothing is said
      And pct create was called 2 times
      And the node has 1 containers

    Scenario: The number that was asked for is not replaced
      Given "pct create" will fail with "CT 4711 already exists on node 'other'"
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID 4711): VMID 4711 is taken by a guest on node "other""
      And pct create was called 1 times
      And nothing is left on the node
      And nothing is left behind

  Rule: The container has a mark

    Scenario: Tag and description
      When container "web" is created with "--description 'The shop'"
      Then it succeeds
      And the configuration of container "web" has a line like "tags: nexcage"
      And the description of container "web" contains "The shop"
      And the description of container "web" contains "nexcage id=web bundle={bundle}"
