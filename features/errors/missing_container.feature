@nexcage @root @issue-cli @issue-88
Feature: Name a container that does not exist
  Every verb says the same about a container that nexcage does not know, whichever driver made it or not:
  one line that names the container, and status 1. Engines read the words "does not exist".

  Rule: One line, one status, nothing on stdout

    Scenario Outline: <verb> of an unknown container
      When the runtime is called with "<verb> <arguments>"
      Then it exits with status 1
      And nothing is printed
      And the error is the line "nexcage: <verb>: container "web" does not exist"

      Examples:
        | verb   | arguments |
        | start  | web       |
        | state  | web       |
        | kill   | web TERM  |
        | delete | web       |
        | exec   | web true  |
        | pause  | web       |
        | resume | web       |
        | ps     | web       |

    Scenario: Deleting by force is content when there is nothing to delete
      When the runtime is called with "delete --force web"
      Then it succeeds
      And nothing is said
