"""The Web API, one module per family of methods; each tells its scopes and changes state only."""
