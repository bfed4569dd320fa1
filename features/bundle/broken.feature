@nexcage @no-driver @root @issue-92
Feature: Images that are broken
  A digest that is wrong, a blob that ends too early, a document that says nothing of sense, a disk that is full: one
  line says which part of which image, and nothing is left.

  Rule: Every byte is what its digest says

    Scenario Outline: The <part> has been changed
      Given an image "app" without layers
      And its layers are compressed with none
      And its next layer holds
        """
        file etc/motd text=hello
        """
      And it is saved as "oci:{dir}/images:app"
      And the blob of its <part> has "<new>" in place of "<old>"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error says "sha256:"
      And the error has the code "image-digest"
      And nothing of bundle "web" is left

      Examples:
        | part     | old         | new         |
        | layer 1  | hello       | jello       |
        | config   | PATH=/bin   | PATH=/tmp   |
        | manifest | layers      | lavers      |

    Scenario Outline: A <part> that is not what the <whole> says
      Given an image "app" without layers
      And its next layer holds
        """
        file etc/motd text=hello
        """
      And its <whole> is spoilt: <path> is the JSON "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      And it is saved as "<source>"
      When bundle "web" is created from "<source>"
      Then it exits with status 1
      And the error is one line
      And the error says "sha256:"
      And the error has the code "image-digest"
      And nothing of bundle "web" is left

      Examples:
        | part               | whole        | path                  | source                           |
        | layer              | image config | $.rootfs.diff_ids[0]  | oci:{dir}/images:app             |
        | layer, in OCI's    | image config | $.rootfs.diff_ids[0]  | oci-archive:{dir}/app.tar        |
        | layer, in docker's | image config | $.rootfs.diff_ids[0]  | docker-archive:{dir}/app.tar:a:1 |

    Scenario Outline: The <part> is cut short
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"
      And the blob of its <part> has lost its last <n> bytes
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error has the code "image-corrupt"
      And nothing of bundle "web" is left

      Examples:
        | part     | n      |
        | layer 1  | 1      |
        | layer 1  | 100000 |
        | config   | 5      |
        | manifest | 5      |

    Scenario Outline: The <part> is missing
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"
      And the blob of its <part> is missing
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error says "sha256:"
      And nothing of bundle "web" is left

      Examples:
        | part     |
        | layer 1  |
        | config   |
        | manifest |

    Scenario Outline: An archive that ends too early under a right digest, after <n> bytes
      Given an image "app" without layers
      And its layers are compressed with <how>
      And its next layer holds
        """
        file etc/motd size=5000 fill=noise
        """
      And the archive of its last layer ends after <n> bytes
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error has the code "image-corrupt"
      And nothing of bundle "web" is left

      Examples:
        | how  | n    |
        | none | 300  |
        | none | 2000 |
        | gzip | 2000 |

    Scenario: Of an image whose second layer is broken at most the first one stays, until the next prune
      Given an image "app" of busybox
      And its next layer holds
        """
        file etc/motd text=hello
        """
      And it is saved as "oci:{dir}/images:app"
      And the blob of its layer 2 has lost its last 3 bytes
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error has the code "image-corrupt"
      And bundle "web" does not exist
      And no half bundle "web" is left
      When the cache is pruned
      Then nothing of bundle "web" is left

  Rule: What is not understood is named

    Scenario Outline: Not understood: <what>
      Given an image "app" of busybox
      And its manifest is spoilt: <path> is the JSON <value>
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error says "<named>"
      And the error has the code "<code>"
      And nothing of bundle "web" is left

      Examples:
        | what                                    | path                   | value                                     | named   | code             |
        | A layer of an unknown media type        | $.layers[0].mediaType  | "application/x-secret"                    | secret  | image-media-type |
        | A manifest of something else than files | $.config.mediaType     | "application/vnd.example.chart.v1+json"   | chart   | image-media-type |
        | A layer without a digest                | $.layers[0].digest     | ""                                        | digest  | image-malformed  |
        | A digest that is a path                 | $.layers[0].digest     | "sha256:../../../../../../etc/passwd"     | digest  | image-malformed  |
        | A digest of an unknown kind             | $.layers[0].digest     | "md5:d41d8cd98f00b204e9800998ecf8427e"    | md5     | image-malformed  |
        | A size below zero                       | $.layers[0].size       | -1                                        | size    | image-malformed  |
        | Layers that are no list                 | $.layers               | {"0": "none"}                             | layers  | image-malformed  |

    Scenario: A config that names other layers than the manifest
      Given an image "app" of busybox
      And its image config is spoilt: $.rootfs.diff_ids is the JSON []
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error has the code "image-malformed"
      And nothing of bundle "web" is left

    Scenario: A manifest without layers that is no image at all
      Given an image "app" of busybox
      And its manifest is spoilt: $.config is missing
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error has the code "image-malformed"
      And nothing of bundle "web" is left

    Scenario Outline: No image for <wanted>
      Given an image "strange" of busybox
      And it is for the platform "linux/mips64le"
      And an image "other" of busybox
      And it is for the platform "linux/arm/v7"
      And the images "strange other" are saved as one index "oci:{dir}/images:all"
      When bundle "web" is created from "oci:{dir}/images:all" with "<options>"
      Then it exits with status 1
      And the error is one line
      And the error says "<named>"
      And the error has the code "image-platform"
      And nothing of bundle "web" is left

      Examples:
        | wanted           | options                   | named          |
        | this machine     | --rootfs copy             | linux/mips64le |
        | another platform | --platform windows/amd64  | windows/amd64  |

    Scenario Outline: <what> is no image
      Given a file "<file>" that says "no image"
      When bundle "web" is created from "<source>"
      Then it exits with status 1
      And the error is one line
      And the error says "{dir}/<file>"
      And nothing of bundle "web" is left

      Examples:
        | what                   | file              | source                       |
        | A text as a tarball    | app.tar           | tar:{dir}/app.tar            |
        | A text as an archive   | app.tar           | oci-archive:{dir}/app.tar    |
        | A text as docker's     | app.tar           | docker-archive:{dir}/app.tar |

    Scenario Outline: An index that is <text>
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"
      And a file "images/index.json" that says "<text>"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error says "index.json"
      And the error has the code "image-malformed"
      And nothing of bundle "web" is left

      Examples:
        | text        |
        | no JSON     |
        | []          |
        | {}          |

  Rule: A full disk in the middle leaves nothing

    Scenario: No space for the bundle
      Given an image "app" of busybox
      And its next layer holds
        """
        file large size=6m fill=noise
        """
      And it is saved as "oci:{dir}/images:app"
      And "small" has room for 4096 KiB
      When bundle "small/web" is created from "oci:{dir}/images:app" with "--rootfs copy"
      Then it exits with status 1
      And the error is one line
      And the error says "no space left on device"
      And the error has the code "no-space"
      And nothing of bundle "small/web" is left

    Scenario: No space for the cache
      Given an image "app" without layers
      And its next layer holds
        """
        file large size=6m fill=noise
        """
      And it is saved as "oci:{dir}/images:app"
      And the cache has room for 4096 KiB
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs overlay"
      Then it exits with status 1
      And the error is one line
      And the error says "no space left on device"
      And the error has the code "no-space"
      And nothing of bundle "web" is left
