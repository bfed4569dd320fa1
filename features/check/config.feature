@nexcage @root @no-driver @issue-113
Feature: Check the configuration
  Which file is in use, whether it is valid, and what stands before it. The working directory is never searched.

  Scenario: Without a file the defaults are in use
    When config is checked
    Then it succeeds
    And check config passes "no file is in use: the defaults are"

  Scenario: A file that is valid
    Given a file "own.json" that says "{}"
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
    When config is checked
    Then it succeeds
    And check config passes "{dir}/own.json is in use, and valid"
    And it prints JSON with $.results[0].data.path "{dir}/own.json"

  Scenario: A config.json in the working directory is not nexcage's
    Given a bundle
    When the bare runtime is called in directory "{bundle}" with "check config --format json"
    Then it succeeds
    And check config passes "no file is in use: the defaults are"

  Scenario: A variable that stands before the file is named
    Given a file "own.json" that says "{}"
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
    And the variable "NEXCAGE_PROXMOX_STORAGE" of the caller is "fast"
    When config is checked
    Then it succeeds
    And check config passes "{dir}/own.json is in use, and valid; before it: NEXCAGE_PROXMOX_STORAGE"

  Scenario Outline: A file that cannot be used: <why>
    Given a file "own.json" that reads
      """
      <text>
      """
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
    When config is checked
    Then it exits with status 2
    And check config fails "{dir}/own.json: <message>"

    Examples:
      | why             | text                             | message                                                             |
      | an unknown key  | {"network": {"brigde": "vmbr0"}} | unknown key "network.brigde"                                        |
      | a wrong type    | {"proxmox": {"storage": 1}}      | proxmox.storage: must be text, not the number 1                     |
      | no JSON         | nothing                          | line 1, column 1                                                    |
      | a bundle's file | {"ociVersion": "1.0.2"}          | this is the config.json of a bundle, not nexcage's configuration    |

  Scenario: A file that root does not follow
    Given a file "own.json" that says "{}"
    And "own.json" has mode 0666
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
    When config is checked
    Then it exits with status 2
    And check config fails "everybody may write to the configuration"
    And check config hints "chmod o-w {dir}/own.json"

  Scenario: A variable with a value that cannot be used
    Given the variable "NEXCAGE_PROXMOX_TIMEOUT" of the caller is "soon"
    When config is checked
    Then it exits with status 2
    And check config fails "NEXCAGE_PROXMOX_TIMEOUT: must be a number of seconds above 0, not "soon""

  Scenario: A variable that names no driver
    Given the variable "NEXCAGE_RUNTIME" of the caller is "crum"
    When config is checked
    Then it exits with status 2
    And check config fails "NEXCAGE_RUNTIME: unknown runtime "crum""

  Scenario: A variable that is almost one of nexcage's
    Given the variable "NEXCAGE_PROXMOX_STORAG" of the caller is "fast"
    When config is checked
    Then it exits with status 1
    And check config warns "NEXCAGE_PROXMOX_STORAG is no variable of nexcage, so it changes nothing"
    And check config hints "did you mean NEXCAGE_PROXMOX_STORAGE?"

  Scenario: With a file that cannot be used the other groups still look, at the usual places
    Given a file "own.json" that says "nothing"
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
    When config storage are checked
    Then it exits with status 2
    And check config fails "{dir}/own.json: line 1, column 1"
    And check storage does not speak of "{dir}/own.json"
    And only the groups "storage config" were looked at, in this order

  Scenario Outline: A value that pct create would refuse: <key>
    Given a file "own.json" that reads
      """
      <text>
      """
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
    When config is checked
    Then it exits with status 2
    And check config passes "{dir}/own.json is in use, and valid"
    And check config fails "configuration <key>: <message>"

    Examples:
      | key              | text                                | message                                     |
      | network.net      | {"network": {"net": "vmbr0"}}       | "vmbr0" has "vmbr0", which is no KEY=VALUE  |
      | proxmox.tags     | {"proxmox": {"tags": "a/b"}}        | "a/b" is no tag                             |
      | network.gateway  | {"network": {"gateway": "10.0.0.1"}} | "10.0.0.1" is for an address of network.ip |
