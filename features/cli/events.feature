@nexcage @root @issue-cli
Feature: Watch what a container uses
  `events` prints JSON lines in runc's form on every driver: usage at intervals, and one line for each program that
  the kernel has killed for want of memory. It ends when the container does.

  Rule: Usage

    @cgroup-memory @cgroup-pids
    Scenario: Once
      Given a running container "web"
      When the runtime is called with "events --stats web"
      Then it succeeds
      And it prints 1 lines
      And it prints JSON with $.type "stats"
      And it prints JSON with $.id "web"
      And it prints JSON with $.data.cpu.usage.total
      And it prints JSON with $.data.memory.usage.limit
      And it prints JSON with $.data.memory.usage.usage
      And it prints JSON with $.data.pids.current 1

    @cgroup-memory
    Scenario: At intervals, until the container stops
      Given a bundle that runs "sleep 1"
      And a running container "web"
      When the runtime is called with "events --interval 200ms web"
      Then it succeeds within 5 seconds
      And it prints at least 3 lines like "{"type": "stats".*"

    Scenario: A long interval does not keep it from ending
      Given a bundle that runs "sleep 1"
      And a running container "web"
      When the runtime is called with "events --interval 1h web"
      Then it succeeds within 5 seconds
      And it prints 1 lines

  Rule: Out of memory

    @cgroup-memory
    Scenario: The kernel kills the program
      Given a bundle that runs the script "sleep 1; x=a; while :; do x=$x$x; done"
      And its config.json has $.linux.resources.memory set to the JSON {"limit": 16777216}
      And a running container "web"
      When the runtime is called with "events --interval 1h web"
      Then it succeeds within 20 seconds
      And it prints at least 1 lines like "{"type": "oom", "id": "web"}"
      And container "web" stays stopped
