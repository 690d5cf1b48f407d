return {
  name = 'statuslens-evidence',
  fields = { { config = { type = 'record', fields = {} } } },
}
