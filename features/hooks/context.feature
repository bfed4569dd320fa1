@oci @root @issue-88
Feature: Where hooks run and what they know
  A hook gets the container's state on its standard input, its own arguments and environment from the bundle, and
  runs where its kind belongs: on the host, or inside the container.

  Rule: The state is on standard input

    Scenario Outline: <kind> reads who the container is
      Given a bundle that runs "sleep 100"
      And its config.json has a <kind> hook that notes "<kind>"
      And a running container "web"
      Then the hook "<kind>" was given a state with $.id "web"
      And the hook "<kind>" was given a state with $.bundle "{bundle}"
      And the hook "<kind>" was given a state with $.ociVersion

      Examples:
        | kind            |
        | prestart        |
        | createRuntime   |
        | createContainer |
        | poststart       |

    Scenario: startContainer reads it inside the container
      Given a bundle that runs "sleep 100"
      And its config.json has a startContainer hook that notes "startContainer"
      And a running container "web"
      Then the hook "startContainer" was given a state with $.id "web"

    Scenario: createRuntime learns the first process, to set up its network
      Given a bundle that runs "sleep 100"
      And its config.json has a createRuntime hook that notes "createRuntime"
      And a running container "web"
      Then the hook "createRuntime" was given the first process of container "web"

    Scenario: poststop is told which container is gone
      Given a stopped container "other"
      And a bundle that runs "true"
      And its config.json has a poststop hook that notes "poststop"
      When container "web" is run
      Then the hook "poststop" was given a state with $.id "web"
      And the hook "poststop" was given a state with $.status "stopped"

    Scenario: The annotations of the bundle
      Given the bundle "annotated"
      And its config.json has a createRuntime hook that notes "createRuntime"
      And a created container "web"
      Then the hook "createRuntime" was given a state with $.annotations["org.example.tier"] "2"

  Rule: Each kind runs in its own place

    Scenario Outline: <kind> runs on the host
      Given a bundle that runs "sleep 100"
      And its config.json has a <kind> hook that runs "ls {rootfs}/dev | wc -l >{dir}/seen"
      And a running container "web"
      Then file "seen" says "0"

      Examples:
        | kind          |
        | prestart      |
        | createRuntime |
        | poststart     |

    Scenario: createContainer sees the container's mounts from outside of its root
      Given a bundle that runs "sleep 100"
      And its config.json has a createContainer hook that runs "test -c {rootfs}/dev/null && echo mounted >{dir}/seen"
      And a running container "web"
      Then file "seen" says "mounted"

    Scenario: startContainer runs inside
      Given a bundle that runs "sleep 100"
      And its config.json has a startContainer hook that runs "hostname >/tmp/seen"
      And a running container "web"
      Then file "{rootfs}/tmp/seen" says "box"

    Scenario: The network of the container exists when createRuntime runs
      Given a bundle that runs "ip -o addr show dev lo"
      And its config.json has a createRuntime hook that runs "pid=$(grep -o '"pid": *[0-9]*' | grep -o '[0-9]*'); nsenter -t $pid -n ip addr add 10.1.2.3/32 dev lo"
      When container "web" is run
      Then it prints something with "10.1.2.3"

  Rule: Arguments and environment are the bundle's

    Scenario: The environment of a hook
      Given a bundle that runs "sleep 100"
      And the variable "SECRET" of the caller is "hunter2"
      And its config.json has a createRuntime hook that runs "echo $COLOUR,$SECRET, >{dir}/seen"
      And its config.json has $.hooks.createRuntime[0].env set to the JSON ["PATH=/usr/bin:/bin", "COLOUR=blue"]
      And a created container "web"
      Then file "seen" says "blue,,"

    Scenario: The arguments of a hook
      Given a bundle that runs "sleep 100"
      And its config.json has a createRuntime hook that runs "echo $0 $1 >{dir}/seen"
      And its config.json has appended to $.hooks.createRuntime[0].args the JSON "zero"
      And its config.json has appended to $.hooks.createRuntime[0].args the JSON "two words"
      And a created container "web"
      Then file "seen" says "zero two words"
