@nexcage @root @issue-103
Feature: The forms of create that nexcage had before
  Besides the OCI form `create --bundle DIR ID`, scripts write `create ID DIR` and `create --name ID --image DIR`.
  All three make the same container.

  Rule: Each form makes the same container

    Scenario Outline: create <arguments>
      Given a bundle that runs "sleep 100"
      And the caller is set up for the driver under test
      When container "web" is made by the call "--root {root} create <arguments>"
      Then it succeeds
      And nothing is said
      And container "web" is created
      And the state of container "web" names its bundle

      Examples:
        | arguments                       |
        | --bundle {bundle} web           |
        | web {bundle}                    |
        | --name web --image {bundle}     |
        | --name=web --image={bundle}     |
        | -b {bundle} web                 |
        | --name web {bundle}             |

    Scenario: run takes them as well
      Given a bundle that runs "echo ran"
      And the caller is set up for the driver under test
      When container "web" is made by the call "--root {root} run --name web --image {bundle}"
      Then it prints "ran"

    Scenario: A config.json of another name, as crun's callers give it
      Given a bundle that runs "echo from the bundle"
      And the caller is set up for the driver under test
      And a file "other.json" that reads
        """
        {"ociVersion": "1.0.2", "root": {"path": "rootfs"}, "linux": {"cgroupsPath": "{cgroup}/bundle",
         "namespaces": [{"type": "pid"}, {"type": "mount"}]},
         "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
         "process": {"args": ["echo", "from the other"], "cwd": "/", "env": ["PATH=/bin"]}}
        """
      When container "web" is made by the call "--root {root} run --config {dir}/other.json --bundle {bundle} web"
      Then it prints "from the other"

    Scenario: A bundle in the working directory
      Given a bundle that runs "echo from here"
      And the caller is set up for the driver under test
      When container "web" is made in directory "{bundle}" by the call "--root {root} run web"
      Then it prints "from here"
