@nexcage @root @issue-88
Feature: Stop a container
  `stop` is what a person means: it asks the program to end, waits, kills it when it does not, and returns when it
  has ended. The container stays until it is deleted.

  Rule: The program is asked with TERM, or with the signal that its image names

    Scenario: A program that obeys TERM
      Given a running container "web" that obeys signal TERM
      When the runtime is called with "stop web"
      Then it succeeds
      And nothing is said
      And container "web" stays stopped
      And the output of container "web" contains "TERM"

    Scenario: The stop signal of the image
      Given a bundle that runs the script "trap 'echo got QUIT; exit 0' QUIT; echo ready; while :; do sleep 0.05; done"
      And its config.json has $.annotations["org.opencontainers.image.stopSignal"] set to "SIGQUIT"
      And a running container "web"
      When the program of container "web" is ready
      And the runtime is called with "stop web"
      Then it succeeds
      And container "web" stays stopped
      And the output of container "web" contains "got QUIT"

    Scenario: Another signal for this time
      Given a bundle that runs the script "trap 'echo got USR1; exit 0' USR1; echo ready; while :; do sleep 0.05; done"
      And a running container "web"
      When the program of container "web" is ready
      And the runtime is called with "stop --signal USR1 web"
      Then it succeeds
      And the output of container "web" contains "got USR1"

  Rule: Who does not end in time is killed

    Scenario: A program that ignores TERM
      Given a running container "web"
      When the runtime is called with "stop --timeout 1 web"
      Then it succeeds within 3 seconds
      And container "web" stays stopped

    Scenario: Without patience
      Given a running container "web"
      When the runtime is called with "stop --timeout 0 web"
      Then it succeeds within 1 seconds
      And container "web" stays stopped

    @cgroup-freezer
    Scenario: A paused container goes on, so that it can end
      Given a paused container "web"
      When the runtime is called with "stop --timeout 1 web"
      Then it succeeds
      And container "web" stays stopped

    Scenario: A container that was never started
      Given a created container "web"
      When the runtime is called with "stop --timeout 1 web"
      Then it succeeds
      And container "web" stays stopped

  Rule: There has to be something to stop

    Scenario: A container that does not exist cannot be stopped
      When the runtime is called with "stop web"
      Then it exits with status 1
      And the error is the line "nexcage: stop: container "web" does not exist"

    Scenario: A stop signal that is none
      Given a running container "web"
      When the runtime is called with "stop --signal MOON web"
      Then it exits with status 2
      And the error says "unknown signal "MOON""
      And container "web" stays running
