@nexcage @no-driver @root @issue-92
Feature: Images that mean harm
  Whatever an image holds, nothing outside the bundle is touched, and an image that is refused leaves nothing: no bundle,
  no half bundle, nothing in the cache, no mount. The message is one line and names the layer and the entry.

  Rule: Nothing gets out of the root

    Scenario Outline: Refused: <what>
      Given the tree "canary" holds
        """
        file secret text=secret mode=0600
        dir  inner
        """
      And all that is below "canary" is remembered
      And an image "evil" without layers
      And its next layer holds
        """
        <first>
        <second>
        """
      And it is saved as "oci:{dir}/images:evil"
      When bundle "web" is created from "oci:{dir}/images:evil"
      Then it exits with status 1
      And the error is one line
      And the error says "layer"
      And the error says "<named>"
      And the error has the code "image-escape"
      And nothing below "canary" has changed
      And nothing of bundle "web" is left

      Examples: Names
        | what                                        | first                  | second                                                           | named  |
        | A name that climbs                          | dir etc                | file ../../../../../../../../..{dir}/canary/evil text=evil       | evil   |
        | A name that climbs in its middle            | dir etc                | file etc/../../../../../../../../..{dir}/canary/evil text=evil   | evil   |
        | A name that climbs and stays inside         | dir etc                | file etc/../evil text=evil                                       | evil   |
        | An absolute name                            | dir etc                | file {dir}/canary/evil text=evil                                 | evil   |
        | A directory above the root                  | dir etc                | dir .. mode=0777                                                 | ..     |

      Examples: Links
        | what                                        | first                                                   | second                                          | named  |
        | A file below a link that climbs             | symlink out to=../../../../../../../../../../..{dir}/canary | file out/evil text=evil                         | evil   |
        | A file below an absolute link that climbs   | symlink out to=/../../../../../../../..{dir}/canary     | file out/evil text=evil                         | evil   |
        | A directory below a link that climbs        | symlink out to=../../../../../../../../../../..{dir}/canary | dir out/inner mode=0777                         | inner  |
        | A hard link to a name that climbs           | dir etc                                                 | hardlink etc/steal to=../../../../../../../../..{dir}/canary/secret | steal  |
        | A hard link to an absolute name             | dir etc                                                 | hardlink etc/steal to={dir}/canary/secret       | steal  |
        | A hard link through a link that climbs      | symlink out to=../../../../../../../../../../..{dir}/canary | hardlink steal to=out/secret                    | steal  |

      Examples: Whiteouts
        | what                                        | first                                                   | second                                          | named  |
        | A whiteout that climbs                      | dir etc                                                 | whiteout ../../../../../../../../..{dir}/canary/secret | secret |
        | A whiteout through a link that climbs       | symlink out to=../../../../../../../../../../..{dir}/canary | whiteout out/secret                             | secret |
        | An opaque mark through a link that climbs   | symlink out to=../../../../../../../../../../..{dir}/canary | opaque out                                      | out    |
        | A whiteout of the directory above           | dir etc                                                 | file etc/.wh...                                 | .wh... |

    Scenario Outline: A link of one layer does not lead another layer out: <entry>
      Given the tree "canary" holds
        """
        file secret text=secret
        """
      And all that is below "canary" is remembered
      And an image "evil" without layers
      And its next layer holds
        """
        symlink a to=../../../../../../../../../../..{dir}
        symlink b to=a/canary
        """
      And its next layer holds
        """
        <entry>
        """
      And it is saved as "oci:{dir}/images:evil"
      When bundle "web" is created from "oci:{dir}/images:evil" with "--rootfs <rootfs>"
      Then it exits with status 1
      And the error is one line
      And the error has the code "image-escape"
      And nothing below "canary" has changed
      And bundle "web" does not exist
      And no half bundle "web" is left
      When the cache is pruned
      Then nothing of bundle "web" is left

      Examples:
        | entry                      | rootfs  |
        | file b/evil text=evil      | copy    |
        | file b/evil text=evil      | overlay |
        | hardlink steal to=b/secret | copy    |
        | hardlink steal to=b/secret | overlay |
        | whiteout b/secret          | copy    |
        | whiteout b/secret          | overlay |
        | opaque b                   | copy    |
        | opaque b                   | overlay |

    Scenario Outline: A file below an absolute link stays in the root with <rootfs>
      Given the tree "canary" holds
        """
        file secret text=secret
        """
      And all that is below "canary" is remembered
      And an image "app" without layers
      And its next layer holds
        """
        dir     .{dir}/canary
        symlink out to={dir}/canary
        """
      And its next layer holds
        """
        file out/inside text=inside
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      Then it succeeds
      And nothing below "canary" has changed
      And the root of bundle "web" holds
        """
        file    .{dir}/canary/inside text=inside
        symlink out to={dir}/canary
        """

      Examples:
        | rootfs  |
        | copy    |
        | overlay |

    Scenario Outline: What overlayfs would take for a sign of its own is none: <what>, with <rootfs>
      Given an image "evil" without layers
      And its next layer holds
        """
        dir  . mode=0755
        dir  etc mode=0755
        file etc/motd text=hello
        file etc/kept text=kept
        """
      And its next layer holds
        """
        dir . mode=0755
        <entry>
        """
      And it is saved as "oci:{dir}/images:evil"
      When bundle "web" is created from "oci:{dir}/images:evil" with "--rootfs <rootfs>"
      Then it succeeds
      And the root of bundle "web" holds
        """
        file etc/kept text=kept
        <seen>
        """

      Examples:
        | what                     | entry                                               | seen                           | rootfs  |
        | the opaque attribute     | dir etc mode=0755 xattr.trusted.overlay.opaque=y    | file etc/motd text=hello       | copy    |
        | the opaque attribute     | dir etc mode=0755 xattr.trusted.overlay.opaque=y    | file etc/motd text=hello       | overlay |
        | the redirect attribute   | dir srv mode=0755 xattr.trusted.overlay.redirect=/etc | absent srv/motd              | overlay |
        | the metacopy attribute   | file new text=new xattr.trusted.overlay.metacopy=y  | file new text=new              | overlay |

    Scenario: A device with the numbers of a whiteout looks the same, copied or mounted
      Given an image "evil" without layers
      And its next layer holds
        """
        dir  . mode=0755
        dir  etc mode=0755
        file etc/motd text=hello
        """
      And its next layer holds
        """
        dir  . mode=0755
        dir  etc mode=0755
        char etc/motd device=0:0 mode=0600
        """
      And it is saved as "oci:{dir}/images:evil"
      When bundle "one" is created from "oci:{dir}/images:evil" with "--rootfs copy"
      And bundle "two" is created from "oci:{dir}/images:evil" with "--rootfs overlay"
      Then both creations have ended alike

    Scenario: Links may lead anywhere as long as nothing is written through them
      Given an image "app" without layers
      And its next layer holds
        """
        symlink far to=../../../../../../etc/shadow
        symlink loop to=loop
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it succeeds
      And the root of bundle "web" holds
        """
        symlink far to=../../../../../../etc/shadow
        symlink loop to=loop
        """

    Scenario: A link that leads to itself is not followed for ever
      Given an image "evil" without layers
      And its next layer holds
        """
        symlink one to=two
        symlink two to=one
        file    one/evil text=evil
        """
      And it is saved as "oci:{dir}/images:evil"
      When bundle "web" is created from "oci:{dir}/images:evil"
      Then it exits with status 1
      And the error is one line
      And the error says "one"
      And nothing of bundle "web" is left

  Rule: What is not wanted is refused

    Scenario Outline: <what> with --deny <kind>
      Given an image "app" without layers
      And its next layer holds
        """
        <entry>
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--deny <kind>"
      Then it exits with status 1
      And the error is one line
      And the error says "<named>"
      And the error has the code "image-denied"
      And nothing of bundle "web" is left
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it succeeds

      Examples:
        | what               | kind   | entry                            | named    |
        | A character device | device | char dev/mem device=1:1          | dev/mem  |
        | A block device     | device | block dev/sda device=8:0         | dev/sda  |
        | A setuid program   | setuid | file bin/su mode=4755 text=su    | bin/su   |
        | A setgid program   | setuid | file bin/wall mode=2755 text=w   | bin/wall |

    Scenario Outline: <what> is more than --max-size
      Given an image "bomb" without layers
      And its next layer holds
        """
        <entry>
        """
      And it is saved as "oci:{dir}/images:bomb"
      When bundle "web" is created from "oci:{dir}/images:bomb" with "--max-size 16m"
      Then it exits with status 1
      And the error is one line
      And the error says "16"
      And the hint says "--max-size"
      And the error has the code "image-too-large"
      And nothing of bundle "web" is left

      Examples:
        | what                                | entry                          |
        | A file that unpacks to much         | file zeros size=40m            |
        | A size that the header only claims  | file claimed claims=90g text=x |
        | A hole that is said to be large     | sparse hole size=90g data=0:x  |

    Scenario: Many small layers together are more than --max-size
      Given an image "bomb" without layers
      And its next layer holds
        """
        file one size=6m
        """
      And its next layer holds
        """
        file two size=6m
        """
      And its next layer holds
        """
        file three size=6m
        """
      And it is saved as "oci:{dir}/images:bomb"
      When bundle "web" is created from "oci:{dir}/images:bomb" with "--max-size 16m"
      Then it exits with status 1
      And the error has the code "image-too-large"
      And bundle "web" does not exist
      And no half bundle "web" is left

    Scenario: A tarball is measured too
      Given an image "bomb" without layers
      And its next layer holds
        """
        file zeros size=40m
        """
      And it is saved as "tar:{dir}/bomb.tar.gz"
      When bundle "web" is created from "tar:{dir}/bomb.tar.gz" with "--max-size 16m"
      Then it exits with status 1
      And the error has the code "image-too-large"
      And nothing of bundle "web" is left

    Scenario: Ten thousand layers
      Given an image "tower" of busybox
      And it has 10000 further layers
      And it is saved as "oci:{dir}/images:tower"
      When bundle "web" is created from "oci:{dir}/images:tower"
      Then it exits with status 1
      And the error is one line
      And the error says "10001"
      And the error has the code "image-layers"
      And nothing of bundle "web" is left

    Scenario Outline: As many layers as docker allows, with <rootfs>
      Given an image "tower" of busybox
      And it has 126 further layers
      And it is saved as "oci:{dir}/images:tower"
      When bundle "web" is created from "oci:{dir}/images:tower" with "--rootfs <rootfs>"
      Then it succeeds
      And it prints something with "127 layers"
      And the root of bundle "web" holds
        """
        file n0 text=n
        file n125 text=n
        """

      Examples:
        | rootfs  |
        | copy    |
        | overlay |
