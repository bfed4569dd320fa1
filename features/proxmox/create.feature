@nexcage @root @pct @issue-87 @issue-88
Feature: Create a container on a Proxmox VE node
  `create` makes a container of the node: a number, a configuration and a record of nexcage's. Nothing runs yet.

  Rule: A created container has a number, a mark and a record

    Scenario: A created container of the node
      Given a bundle that runs "sleep 100"
      When container "web" is created
      Then it succeeds
      And nothing is said
      And container "web" stays created
      And the state of container "web" has $.pid 0
      And the state of container "web" has $.driver "pct"
      And the state of container "web" names its bundle
      And the node says that container "web" is stopped
      And file "{root}/web/record.json" contains ""handle": "{vmid}""

    Scenario: The node's people see whose container it is
      Given a bundle
      When container "web" is created
      Then it succeeds
      And the configuration of container "web" has the line "tags: nexcage"
      And the description of container "web" contains "nexcage id=web"

    Scenario: What the caller says of it stands before the mark
      Given a bundle
      When container "web" is created with "--tags blue --description 'ask Ann'"
      Then it succeeds
      And the configuration of container "web" has a line like "tags: .*blue.*"
      And the configuration of container "web" has a line like "tags: .*nexcage.*"
      And the description of container "web" contains "ask Ann"
      And the description of container "web" contains "nexcage id=web"

    Scenario: The number that the caller wants
      Given a bundle
      When container "web" is created with "--vmid {vmid}7"
      Then it succeeds
      And the node has container "{vmid}7"
      And the state of container "web" has $.status "created"

  Rule: Making costs three calls of the node's tools

    Scenario: A second container, when the node's version is known
      Given a created container "first"
      When container "web" is created
      Then it succeeds
      And the node's tools were started at most 3 times

  Rule: A name stands for one container of the whole cluster

    Scenario: A name that is taken on this node
      Given a created container "web"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" already exists"
      And the hint says "nexcage delete web"
      And the node has 1 containers

    Scenario: A name that is taken on another node, where its record lies
      Given a created container "web"
      And the record of container "web" is gone
      When somebody moves container "web" to node "pve2"
      And container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" already exists on node "pve2" (VMID {vmid})"
      And the hint says "choose another id, or delete it there"
      And the node has 0 containers
