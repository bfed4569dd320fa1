@nexcage @root @issue-cli @issue-88
Feature: A config.json that says what cannot be
  What nexcage and both drivers rely on is checked before anything is made. The message names the property by its
  place in the document, so that it is found without reading the specification.

  Rule: Each fault is named by its place, in one line, with status 2

    Scenario Outline: <path>: <reason>
      Given a bundle
      And its config.json has <path> set to the JSON <value>
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: <path>: <reason>"
      And nothing is left behind

      Examples: The program
        | path                        | value             | reason                                       |
        | $.process                   | []                | must be an object                            |
        | $.process.args              | []                | must not be empty                            |
        | $.process.args              | "sleep 100"       | must be an array                             |
        | $.process.args[0]           | ""                | must not be empty                            |
        | $.process.args[1]           | 100               | must be a string                             |
        | $.process.args[1]           | "a\u0000b"        | must not contain a NUL character             |
        | $.process.cwd               | "tmp"             | must be an absolute path, not "tmp"          |
        | $.process.cwd               | null              | is required                                  |
        | $.process.env[0]            | "PATH"            | must be NAME=VALUE, not "PATH"               |
        | $.process.env[1]            | "=x"              | must be NAME=VALUE, not "=x"                 |
        | $.process.env[1]            | "A=\u0000"        | must not contain a NUL character             |
        | $.process.terminal          | "no"              | must be true or false                        |
        | $.process.user              | "root"            | must be an object                            |
        | $.process.user.uid          | "0"               | must be a whole number                       |
        | $.process.user.uid          | -1                | -1 is out of range (0 to 4294967294)         |
        | $.process.user.gid          | 4294967295        | 4294967295 is out of range (0 to 4294967294) |
        | $.process.user.umask        | 4096              | 4096 is out of range (0 to 511)              |
        | $.process.oomScoreAdj       | 1001              | 1001 is out of range (-1000 to 1000)         |
        | $.process.capabilities      | ["CAP_KILL"]      | must be an object                            |
        | $.process.capabilities.bounding | "CAP_KILL"    | must be an array                             |

      Examples: The document
        | path              | value        | reason                                                        |
        | $.ociVersion      | 1            | must be a string                                              |
        | $.ociVersion      | "2.0.0"      | "2.0.0" is not supported: nexcage reads versions 1.0.0 to 1.3.x |
        | $.ociVersion      | "1.0"        | "1.0" is not a version such as 1.2.0                          |
        | $.root            | "rootfs"     | must be an object                                             |
        | $.root.path       | ""           | must not be empty                                             |
        | $.root.readonly   | 1            | must be true or false                                         |
        | $.hostname        | ["box"]      | must be a string                                              |
        | $.annotations     | ["a"]        | must be an object                                             |
        | $.annotations["a"] | 1           | must be a string                                              |
        | $.annotations     | {"": "x"}    | has an empty key                                              |

      Examples: Mounts and hooks
        | path                      | value                         | reason                                   |
        | $.mounts                  | {}                            | must be an array                         |
        | $.mounts[0]               | "/proc"                       | must be an object                        |
        | $.mounts[0].destination   | "proc"                        | must be an absolute path, not "proc"     |
        | $.mounts[0].destination   | ""                            | must not be empty                        |
        | $.mounts[0].destination   | null                          | is required                              |
        | $.mounts[0].options       | "ro"                          | must be an array                         |
        | $.hooks                   | []                            | must be an object                        |
        | $.hooks.poststop          | {"path": "/bin/true"}         | must be an array                         |

      Examples: Linux
        | path                          | value            | reason                                              |
        | $.linux                       | []               | must be an object                                   |
        | $.linux.namespaces            | {"type": "pid"}  | must be an array                                    |
        | $.linux.namespaces[0].type    | null             | is required                                         |
        | $.linux.namespaces[1].type    | "pid"            | namespace "pid" is given twice                      |
        | $.linux.namespaces[0].path    | "/no/such/ns"    | "/no/such/ns" does not exist                        |
        | $.linux.namespaces[0].path    | "proc/1/ns/pid"  | must be an absolute path, not "proc/1/ns/pid"       |
        | $.linux.cgroupsPath           | "/a/../../b"     | must not climb with ..                              |
        | $.linux.sysctl                | ["a"]            | must be an object                                   |
        | $.linux.sysctl["kernel.sem"]  | 1                | must be a string                                    |
        | $.linux.resources.memory.limit | "64m"           | must be a whole number                              |
        | $.linux.resources.pids.limit  | 1.5              | must be a whole number                              |

    Scenario Outline: The part <path> of config.json is missing
      Given a bundle
      And its config.json has no <path>
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: <path>: is required"
      And nothing is left behind

      Examples:
        | path           |
        | $.ociVersion   |
        | $.root         |
        | $.root.path    |
        | $.process      |
        | $.process.args |
        | $.process.cwd  |

    Scenario: A namespace kind that does not exist is named together with those that do
      Given a bundle
      And its config.json has $.linux.namespaces[0].type set to "moon"
      When container "web" is created
      Then it exits with status 2
      And the error says "$.linux.namespaces[0].type: must be one of pid, network, mount, ipc, uts, user, cgroup, time, not "moon""
      And nothing is left behind

    Scenario: The same resource limit twice
      Given a bundle
      And its config.json has $.process.rlimits set to the JSON [{"type": "RLIMIT_CORE", "soft": 0, "hard": 0}, {"type": "RLIMIT_CORE", "soft": 1, "hard": 1}]
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.process.rlimits[1].type: RLIMIT_CORE is given twice"

    Scenario: A soft limit above the hard one
      Given a bundle
      And its config.json has $.process.rlimits set to the JSON [{"type": "RLIMIT_CORE", "soft": 2, "hard": 1}]
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.process.rlimits[0].soft: 2 is above the hard limit 1"

    Scenario: A hook without an absolute path
      Given a bundle
      And its config.json has $.hooks.prestart set to the JSON [{"path": "true"}]
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.hooks.prestart[0].path: must be an absolute path, not "true""

    Scenario: Values that a terminal would obey are shown, not obeyed
      Given a bundle
      And its config.json has $.process.cwd set to the JSON "\u001b[2J"
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.process.cwd: must be an absolute path, not "\x1b[2J""

  Rule: What the specification leaves open is accepted

    Scenario Outline: <path> may be <value>
      Given a bundle
      And its config.json has <path> set to the JSON <value>
      When container "web" is created
      Then it succeeds
      And container "web" is created

      Examples:
        | path                       | value   |
        | $.process.oomScoreAdj      | null    |
        | $.process.rlimits          | null    |
        | $.mounts[0].options        | null    |
        | $.annotations              | null    |
        | $.hooks                    | null    |
        | $.linux.sysctl             | null    |
        | $.org_example_unknown      | {"a": 1} |
