@nexcage @root @issue-cli @issue-88
Feature: Several containers in one command
  `delete` takes any number of ids, `delete --regex` and `kill --regex` a regular expression. One that fails is said
  and does not keep the others from being done.

  Rule: Each is done on its own

    Scenario: Deleting several
      Given a stopped container "web"
      And a stopped container "db"
      When the runtime is called with "delete web db"
      Then it succeeds
      And nothing is left behind

    Scenario: One of them does not exist
      Given a stopped container "web"
      And a stopped container "db"
      When the runtime is called with "delete web nothing db"
      Then it exits with status 1
      And the error is the line "nexcage: delete: container "nothing" does not exist"
      And nothing is left behind

    Scenario: One of them runs
      Given a running container "web"
      And a stopped container "db"
      When the runtime is called with "delete web db"
      Then it exits with status 1
      And the error says "cannot delete container "web" that is not stopped: running"
      And container "web" stays running
      And nothing of container "db" is left behind

  Rule: A regular expression stands for all ids in which it is found

    Scenario: Killing by expression
      Given a running container "web-1"
      And a running container "web-2"
      And a running container "db"
      When the runtime is called with "kill --regex '^web-[0-9]$' KILL"
      Then it succeeds
      And container "web-1" is stopped
      And container "web-2" is stopped
      And container "db" stays running

    Scenario: Deleting by expression
      Given a stopped container "web-1"
      And a stopped container "web-2"
      And a running container "db"
      When the runtime is called with "delete --regex web"
      Then it succeeds
      And container "web-1" does not exist
      And container "web-2" does not exist
      And container "db" stays running
