@nexcage @root @no-driver @issue-113
Feature: Check security
  Who could change a record, the configuration, a layer or a driver would give orders to root. So each of them, and every
  directory on the way to it, belongs to root or to who asks, and nobody else may write to it. A sticky directory, as /tmp
  is, lets nobody touch what is another's.

  Background:
    Given the variable "XDG_CACHE_HOME" of the caller is "{dir}"

  Scenario: All is well
    Given a directory "root"
    And "root" has mode 0700
    When security is checked
    Then check security passes "{root} can be changed by nobody else"
    And check security passes "/etc/nexcage can be changed by nobody else"

  Scenario: Others can see the records
    Given a directory "root"
    And "root" has mode 0750
    When security is checked
    Then it exits with status 1
    And check security warns "{root} has mode 0750: others can see the records"
    And check security hints "chmod 0700 {root}"

  Scenario: Everybody may write to the directory of the records
    Given a directory "root"
    And "root" has mode 0777
    When security is checked
    Then it exits with status 2
    And check security fails "{root} can be written to by everybody"
    And check security hints "chmod o-w {root}"

  Scenario: The directory of the records is another user's
    Given a directory "root"
    And "root" belongs to user 65534
    When security is checked
    Then it exits with status 2
    And check security fails "{root} belongs to user 65534"

  Scenario: Everybody may write to a directory on the way
    Given a directory "open/state"
    And "open" has mode 0777
    When the bare runtime is called with "--root {dir}/open/state check security --format json"
    Then it exits with status 2
    And check security fails "{dir}/open/state: {dir}/open on the way to it can be written to by everybody"
    And check security hints "chmod o-w {dir}/open"

  Scenario: A link on the way leads through a directory that everybody may write to
    Given a directory "open/state"
    And "open" has mode 0777
    And "link" is a symbolic link to "{dir}/open/state"
    When the bare runtime is called with "--root {dir}/link check security --format json"
    Then it exits with status 2
    And check security fails "{dir}/open on the way to it can be written to by everybody"

  Scenario: What does not exist yet could be made by anybody
    Given a directory "shared"
    And "shared" has mode 1777
    When the bare runtime is called with "--root {dir}/shared/state check security --format json"
    Then it exits with status 2
    And check security fails "{dir}/shared/state does not exist, and everybody may make it in {dir}/shared"

  Scenario: A record that others may write to
    Given 2 containers of driver crun have records
    And "root/c2/record.json" has mode 0666
    When security is checked
    Then it exits with status 2
    And check security fails "{root}/c2/record.json can be written to by others"
    And check security hints "chmod go-w {root}/c2/record.json"
    And check security does not speak of "c1"

  Scenario: A record that is another user's
    Given 2 containers of driver crun have records
    And "root/c1/record.json" belongs to user 65534
    When security is checked
    Then it exits with status 2
    And check security fails "{root}/c1/record.json belongs to another user"

  Scenario: The configuration can be changed by a group
    Given a file "etc/own.json" that says "{}"
    And "etc" has mode 0775
    And "etc" belongs to group 65534
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/etc/own.json"
    When security is checked
    Then it exits with status 2
    And check security fails "{dir}/etc/own.json: {dir}/etc on the way to it can be written to by group 65534"

  Scenario: The program of a driver can be replaced by everybody
    Given the caller finds a program "crun" that does
      """
      echo crun version 1.20
      """
    And "own" has mode 0777
    When security is checked
    Then it exits with status 2
    And check security fails "{dir}/own/crun: {dir}/own on the way to it can be written to by everybody"
