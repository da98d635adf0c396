"""Which resource types hold credentials, and are therefore never read; pure."""

SECRETS = frozenset({"secret", "secrets"})

HOLDS_CREDENTIALS = frozenset(
    {
        # OpenShift: the secret of every OAuth client, and tokens by name in older releases.
        *("oauthclient", "oauthclients"),
        *("oauthaccesstoken", "oauthaccesstokens", "useroauthaccesstoken", "useroauthaccesstokens"),
        *("oauthauthorizetoken", "oauthauthorizetokens"),
        # ... and the files of its machines, pull secret included.
        *("machineconfig", "machineconfigs", "mc", "controllerconfig", "controllerconfigs"),
        # Cluster API: tokens with which machines join, and Talos' client keys.
        *("kubeadmconfig", "kubeadmconfigs", "talosconfig", "talosconfigs"),
        # Rancher: API tokens, and the command with which a node joins a cluster.
        *("token", "tokens", "clusterregistrationtoken", "clusterregistrationtokens"),
        *("clusterauthtoken", "clusterauthtokens"),
        # Dex: client secrets, password hashes, codes, tokens and the keys that sign them.
        *("oauth2client", "oauth2clients", "connector", "connectors", "password", "passwords"),
        *("authcode", "authcodes", "authrequest", "authrequests"),
        *("refreshtoken", "refreshtokens", "offlinesessions", "offlinesessionses"),
        *("devicerequest", "devicerequests", "devicetoken", "devicetokens"),
        *("signingkey", "signingkeys", "signingkeies"),
    }
)
"""Types of common add-ons whose objects hold credentials in clear or can be turned into them."""
