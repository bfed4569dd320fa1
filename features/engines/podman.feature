@oci @root @issue-88
Feature: Calls of podman and conmon
  conmon starts the runtime with the words below, waits for the container's first process as for its own child, and
  reads what went wrong from standard error or from a log file. podman itself reads the pid file, never `state`.

  Background:
    Given the caller is set up for the driver under test

  Rule: A container's life in conmon's words

    Scenario: Create, start, kill by number, delete by force
      Given a running container "other"
      And a bundle that runs "sleep 100"
      When container "web" is made by the call "--root {root} create --bundle {bundle} --pid-file {dir}/pid web"
      Then it succeeds
      And nothing is printed
      And the file "pid" names the first process of container "web"
      When the bare runtime is called with "--root {root} start web"
      Then it succeeds
      And nothing is printed
      When the bare runtime is called with "--root {root} kill web 9"
      Then it succeeds
      And container "web" is stopped
      When the bare runtime is called with "--root {root} delete --force web"
      Then it succeeds
      And container "web" does not exist
      And container "other" stays running

    Scenario: Options of conmon that not every runtime needs
      Given a bundle
      When container "web" is made by the call "--root {root} create --bundle {bundle} --pid-file {dir}/pid --no-pivot --no-new-keyring --preserve-fds 0 web"
      Then it succeeds
      And container "web" is created

    Scenario: Debugging flags before everything
      Given a bundle
      When container "web" is made by the call "--debug --log={dir}/log --root={root} create --bundle {bundle} web"
      Then it succeeds
      And container "web" is created

    Scenario: Deleting twice by force, as podman cleans up
      Given a stopped container "web"
      When the bare runtime is called with "--root {root} delete --force web"
      And the bare runtime is called with "--root {root} delete --force web"
      Then it succeeds

    @cgroup-freezer
    Scenario: Pause and unpause
      Given a running container "web"
      When the bare runtime is called with "--root {root} pause web"
      Then container "web" is paused
      When the bare runtime is called with "--root {root} resume web"
      Then container "web" is running

    @cgroup-pids
    Scenario: Update from a file
      Given a running container "web"
      And a file "limits.json" that says "{}"
      And a file "limits.json" that reads
        """
        {"pids": {"limit": 77}}
        """
      When the bare runtime is called with "--root {root} update --resources={dir}/limits.json web"
      Then it succeeds
      And the process limit of container "web" is 77

  Rule: A session in the container is a detached exec with a process file

    Scenario: conmon's exec
      Given a running container "web"
      And the process file "session"
        """
        {"args": ["sleep", "200"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}}
        """
      When the bare runtime is called with "--root {root} exec --pid-file {dir}/session.pid --process {dir}/session --detach web"
      Then it succeeds
      And the file "session.pid" names a process of container "web" that runs "sleep 200"

  Rule: The version is the first line of --version

    @nexcage
    Scenario: podman info shows it
      When the bare runtime is called with "--version"
      Then it succeeds
      And it prints a line like "nexcage version \d+\.\d+\.\d+.*"
      And it prints a line like "spec: 1\.\d+\.\d+"

    Scenario: A runtime names its version and the specification's
      When the bare runtime is called with "--version"
      Then it succeeds
      And it prints a line like "\w+ version \S+"
      And it prints a line like "spec: 1\.\S+"

  @nexcage
  Rule: Errors reach podman in the words that it looks for

    Scenario: Without a log file they are on standard error
      Given a bundle that runs "nosuchprogram"
      When container "web" is made by the call "--root {root} create --bundle {bundle} web"
      Then it exits with status 2
      And the error says "executable file "nosuchprogram" not found in $PATH"

    Scenario: With a log file they are there as well
      Given a bundle that runs "/no/such/program"
      When container "web" is made by the call "--root {root} --log-format=json --log {dir}/oci-log create --bundle {bundle} web"
      Then it exits with status 2
      And the last error in the JSON log "oci-log" says "no such file or directory"
      And the last error in the JSON log "oci-log" has $.code "executable-missing"

    Scenario: A missing container is none of podman's "not found"
      When the bare runtime is called with "--root {root} start web"
      Then it exits with status 1
      And the error says "container "web" does not exist"
      And the error does not say "not found"
      And the error does not say "no such file"
