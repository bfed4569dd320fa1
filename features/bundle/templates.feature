@nexcage @root @issue-92 @no-driver
Feature: A config.json by a template
  A Jinja template has the last word on config.json: it sees what was generated and gives the whole file. It is
  sandboxed, and what is wrong is said with file and line.

  Background:
    Given an image "app" of busybox
    And it is saved as "oci:{dir}/images:app"

  Rule: The template gives the whole file

    Scenario: Parts are changed by a merge patch, with values of the command line
      Given a file "t.j2" that reads
        """
        {{ config | merge({
             "hostname": name ~ "-" ~ shop,
             "annotations": {"port": "" ~ port, "architecture": image.architecture},
             "process": {"noNewPrivileges": true, "env": none}
           }) | tojson(2) }}
        """
      When bundle "web" is created from "oci:{dir}/images:app" with "--hostname box --template {dir}/t.j2 --set shop=toys --set port:=80"
      Then it succeeds
      And the config.json of bundle "web" has $.hostname "box-toys"
      And the config.json of bundle "web" has $.annotations.port "80"
      And the config.json of bundle "web" has $.process.noNewPrivileges true
      And the config.json of bundle "web" has no $.process.env
      And the config.json of bundle "web" has $.root.path "rootfs"

    Scenario: Characters that HTML escapes stay
      Given a file "t.j2" that reads
        """
        {{ config | merge({"process": {"args": ["a<b>'&"]}}) | tojson }}
        """
      When bundle "web" is created from "oci:{dir}/images:app" with "--template {dir}/t.j2"
      Then it succeeds
      And the config.json of bundle "web" has $.process.args ["a<b>'&"]

    Scenario: What it gives is checked like any config.json
      Given a file "t.j2" that reads
        """
        {{ config | merge({"process": {"cwd": "relative"}}) | tojson }}
        """
      When bundle "web" is created from "oci:{dir}/images:app" with "--template {dir}/t.j2"
      Then it exits with status 2
      And the error says "$.process.cwd"
      And bundle "web" does not exist
      And no half bundle "web" is left

  Rule: What is wrong is said with file and line, and nothing is made

    Scenario Outline: In a template: <what>
      Given a file "t.j2" that reads
        """
        {# a comment #}
        <template>
        """
      When bundle "web" is created from "oci:{dir}/images:app" with "--template {dir}/t.j2"
      Then it exits with status 2
      And the error says "t.j2:2: "
      And the error says "<words>"
      And the error has the code "template-invalid"
      And bundle "web" does not exist
      And no half bundle "web" is left

      Examples:
        | what                         | template                                             | words                     |
        | An undefined name            | {{ nobody }}                                         | 'nobody' is undefined     |
        | A tag that is not closed     | {% if name %}                                        | unexpected end            |
        | Another file                 | {% include "/etc/passwd" %}                          | reads no other file       |
        | Python behind it             | {{ "".__class__.__mro__ }}                           | unsafe                    |
        | A range without end          | {% for i in range(99999999) %}{% endfor %}           | range too big             |
        | A text that fills the memory | {{ "x" * 9999999999 }}                               | a repetition is too long  |

    Scenario: What can be seen without the image is refused before anything is unpacked
      Given a file "t.j2" that reads
        """
        {{ config
        """
      When bundle "web" is created from "oci:{dir}/images:app" with "--template {dir}/t.j2"
      Then it exits with status 2
      And the error says "t.j2:1: "
      And nothing of bundle "web" is left

    Scenario: A result that is no JSON
      Given a file "t.j2" that reads
        """
        {"ociVersion": "1.0.2",}
        """
      When bundle "web" is created from "oci:{dir}/images:app" with "--template {dir}/t.j2"
      Then it exits with status 2
      And the error says "line 1, column 24 of its result is no JSON"

    Scenario Outline: Of a template: <options> is refused
      When bundle "web" is created from "oci:{dir}/images:app" with "<options>"
      Then it exits with status 2
      And the error says "<words>"

      Examples:
        | options                       | words                                              |
        | --template {dir}/nowhere.j2   | nowhere.j2": nothing is there                      |
        | --set a=b                     | --set is for a template, and there is none         |
        | --set name=x                  | --set "name" is what the template already has      |
