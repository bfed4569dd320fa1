"""Codes of nexcage's own configuration."""

TEXT = """
config-invalid
  a setting has a value that it cannot have
  the value of the key or variable that the message names has the wrong type, or is out of range
  correct it there; docs/configuration.md lists the keys

config-missing
  the configuration file does not exist
  --config or NEXCAGE_CONFIG names a file that is not there, or none is in use
  correct the path

config-unreadable
  the configuration file cannot be read
  it is a directory, too large, or its owner does not let this user read it
  correct its mode, or name another file

config-malformed
  the configuration is no JSON object
  a comma, a quote or a bracket is missing or too many, a key stands twice, or the document is no object
  correct it at the line and column of the message

config-unsafe
  root does not follow this configuration
  the file belongs to another user, or everybody may write to it
  chown root and chmod o-w the file

config-of-bundle
  the file is the config.json of a bundle
  the wrong one of two files of the same name was named
  name nexcage's own file with --config, and the bundle with --bundle

config-twice
  one setting is given twice, with different values
  two spellings of a key, or a section and a key of the same meaning, contradict each other
  remove one of the two

config-rule
  a rule that chooses the runtime cannot be used
  its pattern is no regular expression or glob, its runtime is unknown, or a member is missing
  correct the rule that the message names; nexcage route NAME shows what it does

config-key-unknown
  the configuration has a key that means nothing
  it is mistyped, or nexcage does without it; the hint says what to do instead
  correct or remove the key
"""
