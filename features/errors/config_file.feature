@nexcage @root @issue-cli @issue-88
Feature: A config.json that cannot be read
  A bundle's config.json is read before anything is made. What is wrong with the file is said in one line, with the
  line and the column where that is known, and status 2. Nothing is left behind.

  Rule: The file has to be there and readable

    Scenario: There is no config.json
      Given a bundle
      And its config.json is missing
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: does not exist in {bundle}"
      And the hint says "--bundle DIR"
      And nothing is left behind

    Scenario: There is no bundle
      When the runtime is called with "create --bundle {dir}/nowhere web"
      Then it exits with status 2
      And the error is the line "nexcage: create: bundle {dir}/nowhere does not exist"
      And nothing is left behind

    Scenario: The bundle is a file
      Given a file "parcel" that says "no directory"
      When the runtime is called with "create --bundle {dir}/parcel web"
      Then it exits with status 2
      And the error is the line "nexcage: create: bundle {dir}/parcel is not a directory"

    Scenario: The config.json is a directory
      Given a bundle
      And its config.json is a directory
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: cannot be read: not a regular file"
      And nothing is left behind

    Scenario: The config.json is a pipe: nexcage does not wait for a writer
      Given a bundle
      And its config.json is a pipe that nobody writes to
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: cannot be read: not a regular file"
      And nothing is left behind

    Scenario: The config.json is far too large
      Given a bundle
      And its config.json is 17 MiB of blanks longer
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: cannot be read: larger than 16 mebibytes"
      And nothing is left behind

  Rule: The file has to be JSON, and to say one thing only

    Scenario Outline: Malformed text is named with line and column: <why>
      Given a bundle
      And its config.json reads
        """
        <text>
        """
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: <message>"
      And nothing is left behind

      Examples:
        | why                    | text                        | message                                                        |
        | cut off                | {"ociVersion": "1.0.2",     | line 1, column 24: expecting property name enclosed in double quotes |
        | a comma too many       | {"a": [1, 2,], "b": 1}      | line 1, column 13: expecting value                             |
        | a word without quotes  | {"a": yes}                  | line 1, column 7: expecting value                              |
        | text after the end     | {} {}                       | line 1, column 4: extra data after the value                   |
        | a key twice            | {"a": {"b": 1}, "b": 1, "b": 2} | line 1, column 25: duplicate key "b"                       |
        | not a number           | {"a": NaN}                  | line 1, column 7: NaN is not allowed                           |
        | half a character       | {"a": "\ud800"}             | line 1, column 8: lone surrogate escape                        |
        | an array               | []                          | $: must be an object                                           |
        | a text                 | "config"                    | $: must be an object                                           |

    Scenario: A fault in a later line
      Given a bundle
      And its config.json reads
        """
        {
          "ociVersion": "1.0.2",
          "process": {
            "args": ["sleep", "100"],
            "cwd": "/",
            "args": ["sh"]
          }
        }
        """
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: line 6, column 5: duplicate key "args""

    Scenario: Text that is not UTF-8
      Given a bundle
      And its config.json has the byte 255 in its host name
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: line 3, column 17: not UTF-8"

    Scenario: Arrays nested a hundred thousand deep
      Given a bundle
      And its config.json nests 100000 arrays
      When container "web" is created
      Then it exits with status 2
      And the error says "nexcage: create: config.json: line 1, column 1: nested too deeply"
      And the error is one line
      And nothing is left behind

    Scenario: An unknown property nested so deep that no driver could read it
      Given a bundle
      And its config.json has an annotation that nests 100000 arrays
      When container "web" is created
      Then it exits with status 2
      And the error is one line
      And nothing is left behind
