@oci @root @issue-88
Feature: The environment of a container's program
  The program is started with the variables that the bundle lists, and with none of those that the caller of the
  runtime happens to have. `HOME` is added when the bundle does not set it.

  Rule: The program gets the variables of the bundle

    Scenario: A variable from the bundle
      Given a bundle that runs the probe
      And its config.json has the environment variable COLOUR=blue
      When container "web" is run
      Then the container sees the variable "COLOUR" as "blue"

    Scenario Outline: A value is passed on as it is written: <what>
      Given a bundle that runs the probe
      And its config.json has appended to $.process.env the JSON "VALUE=<json>"
      When container "web" is run
      Then the container sees the variable "VALUE" as "<seen>"

      Examples:
        | what                  | json             | seen             |
        | blanks                | two  blanks      | two  blanks      |
        | an equals sign        | a=b=c            | a=b=c            |
        | nothing               |                  |                  |
        | a dollar sign         | $HOME and ${X}   | $HOME and ${X}   |
        | letters beyond ASCII  | grün             | grün             |
        | a line break          | one\\ntwo        | one\\ntwo        |

  Rule: The caller's own variables stay outside

    Scenario: A secret of the caller
      Given a bundle that runs the probe
      And the variable "SECRET" of the caller is "hunter2"
      When container "web" is run
      Then the container does not see the variable "SECRET"

    Scenario: A secret of the caller of exec
      Given a running container "web"
      And the variable "SECRET" of the caller is "hunter2"
      When the probe is executed in container "web"
      Then the container does not see the variable "SECRET"

  Rule: HOME is the home directory of the program's user

    Scenario: HOME comes from the container's /etc/passwd
      Given a bundle that runs the probe
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      When container "web" is run
      Then the container sees the variable "HOME" as "/home"

    Scenario: HOME is left alone when the bundle sets it
      Given a bundle that runs the probe
      And its config.json has the environment variable HOME=/data
      When container "web" is run
      Then the container sees the variable "HOME" as "/data"

  Rule: The program is looked for along the PATH of the bundle

    Scenario: A program in a directory of PATH
      Given a bundle that runs "greet"
      And its root has a program "/opt/greet" that says "hello"
      And its config.json has $.process.env set to the JSON ["PATH=/bin:/opt"]
      When container "web" is run
      Then it succeeds
      And it prints "hello"

    Scenario: A program outside of PATH
      Given a bundle that runs "greet"
      And its root has a program "/opt/greet" that says "hello"
      When container "web" is run
      Then it fails
      And the error says "greet"
      And container "web" does not exist
