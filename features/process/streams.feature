@oci @root @issue-88
Feature: Standard input, output and further file descriptors
  A program reads and writes the very files that the caller of the runtime has open: nothing stands in between.
  Of the caller's other descriptors it gets none, except those that the caller offers.

  Rule: Standard input, output and error are the caller's

    Scenario: The program reads what run was given
      Given a bundle that runs "tr a-z A-Z"
      When container "web" is run with the input "to upper case"
      Then it succeeds
      And it prints "TO UPPER CASE"

    Scenario: The end of the input reaches the program
      Given a bundle that runs "wc -l"
      When container "web" is run with the input "one line"
      Then it prints "1"

    Scenario: A created container keeps the input that create was given
      Given a bundle that runs "tr a-z A-Z"
      When container "web" is created with the input "said before start"
      And container "web" is started
      Then the output of container "web" is "SAID BEFORE START"

    Scenario: An executed program reads what exec was given
      Given a running container "web"
      When "tr a-z A-Z" is executed in container "web" and given the input "to upper case"
      Then it succeeds
      And it prints "TO UPPER CASE"

    Scenario: Much output arrives whole
      Given a bundle that runs "seq 1 200000"
      When container "web" is run
      Then it succeeds
      And it prints 200000 lines

  Rule: No other descriptor of the caller reaches the program

    Scenario: A descriptor that the caller did not offer
      Given a bundle that runs the probe
      And a file "offer" that says "offered"
      And the caller has "{dir}/offer" open as descriptor 3
      When container "web" is run
      Then the container sees only the file descriptors "0 1 2"

    Scenario: A descriptor that the caller of exec did not offer
      Given a running container "web"
      And a file "offer" that says "offered"
      And the caller has "{dir}/offer" open as descriptor 3
      When the probe is executed in container "web"
      Then the container sees only the file descriptors "0 1 2"

  Rule: Descriptors that are offered keep their numbers

    Scenario: A descriptor is offered to run
      Given a bundle that runs the script "cat <&3"
      And a file "offer" that says "offered"
      And the caller has "{dir}/offer" open as descriptor 3
      When container "web" is run with "--preserve-fds 1"
      Then it succeeds
      And it prints "offered"

    Scenario: Only as many as were offered
      Given a bundle that runs the probe
      And a file "offer" that says "offered"
      And the caller has "{dir}/offer" open as descriptor 3
      And the caller has "{dir}/offer" open as descriptor 4
      When container "web" is run with "--preserve-fds 1"
      Then the container sees only the file descriptors "0 1 2 3"

    Scenario: A descriptor is offered to create
      Given a bundle that runs the script "cat <&3"
      And a file "offer" that says "offered"
      And the caller has "{dir}/offer" open as descriptor 3
      When container "web" is created with "--preserve-fds 1"
      And container "web" is started
      Then the output of container "web" is "offered"

    Scenario: A descriptor is offered to exec
      Given a running container "web"
      And a file "offer" that says "offered"
      And the caller has "{dir}/offer" open as descriptor 3
      When "sh -c 'cat <&3'" is executed in container "web" with "--preserve-fds 1"
      Then it succeeds
      And it prints "offered"
