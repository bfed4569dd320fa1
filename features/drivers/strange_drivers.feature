@nexcage @root @issue-cli
Feature: Drivers that do not answer as expected
  What a driver says is read with care: an answer that makes no sense is an error that quotes it, never a guess, and
  never a container that seems to be gone.

  Rule: An answer that cannot be read is said

    @crun
    Scenario: A version that is no version
      Given a bundle
      And the caller finds a program "crun" that does
        """
        echo crun version unknown
        """
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: cannot read the version "unknown""
      And nothing is left behind

    @crun
    Scenario: A state that is no JSON
      Given a running container "web"
      And the caller finds a program "crun" that does
        """
        case "$*" in *" state "*) echo nonsense ;; *) exec /usr/bin/crun "$@" ;; esac
        """
      When "true" is executed in container "web"
      Then it exits with status 1
      And the error says "nexcage: exec: crun: printed what is no JSON: line 1, column 1"
      And the error is one line

    @crun
    Scenario: A state without what a state has to say
      Given a running container "web"
      And the caller finds a program "crun" that does
        """
        case "$*" in *" state "*) echo '{"id": "web"}' ;; *) exec /usr/bin/crun "$@" ;; esac
        """
      When "true" is executed in container "web"
      Then it exits with status 1
      And the error is the line "nexcage: exec: crun printed no state: {"id": "web"}"

    @crun
    Scenario: A driver that fails without a word
      Given a bundle
      And the caller finds a program "crun" that does
        """
        case "$*" in *" create "*) exit 7 ;; *) exec /usr/bin/crun "$@" ;; esac
        """
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: crun create: exit status 7"
      And nothing is left behind

    @crun
    Scenario: A driver that is killed
      Given a bundle
      And the caller finds a program "crun" that does
        """
        case "$*" in *" create "*) kill -9 $$ ;; *) exec /usr/bin/crun "$@" ;; esac
        """
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: crun create: killed by signal 9"
      And nothing is left behind
