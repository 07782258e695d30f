// The names that the rule of secret_files.h knows, in lower case.
//
// Sources: the documentation of each tool, on where it keeps what it logs in with; gitleaks and
// trufflehog for names that leaks were found in.
#pragma once

#include <array>
#include <string_view>

namespace inpaint::engine::secret_names {

/// Folders of which everything is secret, by one or more of the last parts of their paths. A star
/// at the end stands for any characters.
inline constexpr auto kFolders = std::to_array<std::string_view>({
    // keys and passwords of a person
    ".ssh",
    ".gnupg",
    ".password-store",
    ".local/share/keyrings",
    ".local/share/kwalletd",
    ".local/share/gopass",
    ".electrum",
    ".bitcoin",
    ".ethereum/keystore",
    "ssl/private",
    // what they are edited as
    "shm/pass.*",
    "shm/gopass*",
    "ansible-local-*",
    // clouds and clusters
    ".aws",
    ".azure",
    ".kube",
    ".oci",
    ".aliyun",
    ".bluemix",
    ".config/gcloud",
    ".config/doctl",
    ".config/hcloud",
    ".config/openstack",
    ".config/scw",
    ".doppler",
    ".config/heroku",
    ".config/rclone",
    ".terraform.d",
    ".chef",
    "etc/wireguard",
    // what command lines log in with
    ".config/gh",
    ".config/glab-cli",
    ".config/op",
    ".config/stripe",
    ".config/configstore",
    ".config/filezilla",
    ".jfrog",
    ".kaggle",
    ".subversion/auth",
    ".snowflake",
    ".twilio-cli",
    ".railway",
    ".influxdbv2",
    ".purple",
    "share/remmina",
    // projects
    ".envs",
    ".secrets",
});

/// Files by name, and by the folder where the name alone says little. Dots in front are left out
/// here and there: .netrc and netrc are one.
inline constexpr auto kFiles = std::to_array<std::string_view>({
    // logins to hosts and databases
    "netrc",
    "_netrc",
    "pgpass",
    "pgpass.conf",
    "pg_service.conf",
    "my.cnf",
    "mylogin.cnf",
    "debian.cnf",
    "odbc.ini",
    "authinfo",
    "fetchmailrc",
    "msmtprc",
    "mbsyncrc",
    "offlineimaprc",
    "getmailrc",
    "esmtprc",
    "curlrc",
    "wgetrc",
    "cvspass",
    "rhosts",
    "xauthority",
    "iceauthority",
    "erlang.cookie",
    "muttrc",
    "neomuttrc",
    "cqlshrc",
    "ftpconfig",
    "sftp.json",
    "sftp-config.json",
    "remote-sync.json",
    "confcons.xml",
    "filezilla.xml",
    "robomongo.json",
    "dbeaver-data-sources.xml",
    ".idea/webservers.xml",
    ".idea/datasources.local.xml",
    "sitemanager.xml",
    "recentservers.xml",
    "cookies.txt",
    "cookies.sqlite",
    "logins.json",
    "key3.db",
    "key4.db",
    // package registries
    "npmrc",
    "yarnrc",
    "yarnrc.yml",
    "pypirc",
    "pip.conf",
    "pip.ini",
    "nuget.config",
    "clasprc.json",
    "auth.json",
    "auth.toml",
    ".m2/settings.xml",
    ".m2/settings-security.xml",
    ".gradle/gradle.properties",
    ".bundle/config",
    // version control and hosting
    "gitconfig",
    ".git/config",
    ".config/hub",
    "hgrc",
    "arcrc",
    "p4tickets",
    "gist",
    "gh/hosts.yml",
    "github cli/hosts.yml",
    "glab-cli/config.yml",
    "sentryclirc",
    ".circleci/cli.yml",
    ".travis/config.yml",
    "wakatime.cfg",
    // clouds, containers, infrastructure
    "dockercfg",
    "dockerconfigjson",
    ".docker/config.json",
    "registry/config.json",
    "kubeconfig",
    "kubernetes/admin.conf",
    "boto",
    "edgerc",
    "openrc",
    "clouds.yaml",
    "b2_account_info",
    "s3cfg",
    "rclone.conf",
    "terraformrc",
    "terraform.rc",
    "databrickscfg",
    ".snowsql/config",
    "netlify/config.json",
    ".dbt/profiles.yml",
    "ngrok.yml",
    ".mc/config.json",
    ".netlify/config.json",
    ".fly/config.yml",
    "kaggle.json",
    "huggingface/stored_tokens",
    "rootkey.csv",
    "vault",
    "vault.yml",
    "vault.yaml",
    "tower_cli.cfg",
    "local.settings.json",
    "connectionstrings.config",
    "google-services.json",
    "googleservice-info.plist",
    "key.json",
    "keyfile.json",
    // keys and wallets
    "token",
    "token.json",
    "token.txt",
    "token.pickle",
    "keystore",
    "keystore.json",
    "keystore.properties",
    "key.properties",
    "signing.properties",
    "sentry.properties",
    "local.properties",
    "wallet.dat",
    "wallet.json",
    "cwallet.sso",
    "htpasswd",
    "htdigest",
    // systems
    "shadow",
    "gshadow",
    "shadow-",
    "gshadow-",
    "hostapd.conf",
    "sec.conf",
    // environments
    "dev.vars",
    "parameters.yml",
    "flaskenv",
    "rbenv-vars",
    "env.local",
    "env.production",
    "env.prod",
    "env.staging",
    "env.development",
    "env.dev",
    "env.test",
});

/// Names by how they begin.
inline constexpr auto kBeginnings = std::to_array<std::string_view>(
    {"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "ssh_host_", "kubeconfig", "kubectl-edit-",
     "dotenv", "renviron", "dev.vars.", "wpa_supplicant", "utc--"});

/// What stands between dots, behind the first: server.pem, terraform.tfstate.backup,
/// prod.env.local.
inline constexpr auto kEndings = std::to_array<std::string_view>({
    "env",
    "pem",
    "key",
    "p8",
    "p12",
    "pfx",
    "pkcs8",
    "pkcs12",
    "jks",
    "jceks",
    "bks",
    "keystore",
    "keytab",
    "keychain",
    "keychain-db",
    "agilekeychain",
    "keyring",
    "kwallet",
    "kdb",
    "kdbx",
    "psafe3",
    "psk",
    "ppk",
    "pvk",
    "snk",
    "gpg",
    "pgp",
    "asc",
    "age",
    "agekey",
    "ovpn",
    "nmconnection",
    "tfvars",
    "tfstate",
    "tfbackend",
    "pkrvars",
    "rdp",
    "kubeconfig",
    "publishsettings",
    "htpasswd",
    "htdigest",
    "netrc",
    "pgpass",
    "secret",
    "secrets",
    "credential",
    "credentials",
    "creds",
    "token",
    "vault",
    "wallet",
    "jwt",
    "dockercfg",
    "dockerconfigjson",
});

/// Words of a name that say what the file holds; also as the end of a longer word (smbcredentials).
inline constexpr auto kWords =
    std::to_array<std::string_view>({"secret", "secrets", "credential", "credentials", "password",
                                     "passwords", "passwd", "passphrase", "apikey", "apikeys"});
inline constexpr auto kWholeWords = std::to_array<std::string_view>({"creds", "mnemonic"});

struct WordPair {
  std::string_view first, second;  // the second also with an "s" behind it
};
inline constexpr auto kWordPairs = std::to_array<WordPair>({
    {"api", "key"},       {"access", "key"},      {"private", "key"},    {"signing", "key"},
    {"deploy", "key"},    {"ssh", "key"},         {"encryption", "key"}, {"master", "key"},
    {"gcp", "key"},       {"gcloud", "key"},      {"sa", "key"},         {"account", "key"},
    {"recovery", "key"},  {"api", "token"},       {"access", "token"},   {"auth", "token"},
    {"refresh", "token"}, {"bearer", "token"},    {"github", "token"},   {"gitlab", "token"},
    {"npm", "token"},     {"slack", "token"},     {"bot", "token"},      {"vault", "token"},
    {"hf", "token"},      {"service", "account"}, {"vault", "pass"},     {"firebase", "adminsdk"},
    {"seed", "phrase"},   {"recovery", "code"},   {"backup", "code"},
});

/// Kinds of keys that anybody may know: a file that is named for one of them holds no secret.
inline constexpr auto kOpenKeys =
    std::to_array<std::string_view>({"public", "pub", "primary", "foreign"});

/// Folders in which data are secret, and source code and manifests are not.
inline constexpr auto kDataFolders =
    std::to_array<std::string_view>({"secrets", "credentials", "creds"});

/// Whole names of source code, up to the first dot, that hold secrets as literals.
inline constexpr auto kSourceNames = std::to_array<std::string_view>(
    {"credential",    "credentials", "creds",        "secret",          "secrets",
     "password",      "passwords",   "passwd",       "private_key",     "privatekey",
     "api_key",       "api_keys",    "apikey",       "apikeys",         "auth_token",
     "access_token",  "secret_key",  "secret_token", "htpasswd",        "id_rsa",
     "id_dsa",        "id_ecdsa",    "id_ed25519",   "arduino_secrets", "local_settings",
     "localsettings", "wp-config"});

/// Endings of source code and of documents for people.
inline constexpr auto kCode = std::to_array<std::string_view>({
    "py",    "pyi",   "pyx",    "ipynb",   "c",     "h",    "cc",     "cpp",    "cxx",   "hpp",
    "hh",    "hxx",   "ipp",    "inl",     "cu",    "cuh",  "m",      "mm",     "js",    "mjs",
    "cjs",   "jsx",   "ts",     "mts",     "cts",   "tsx",  "vue",    "svelte", "astro", "rs",
    "go",    "java",  "kt",     "kts",     "scala", "sc",   "groovy", "gradle", "clj",   "cljs",
    "cljc",  "rb",    "rake",   "php",     "phtml", "cs",   "fs",     "fsi",    "fsx",   "vb",
    "swift", "dart",  "lua",    "pl",      "pm",    "r",    "rmd",    "qmd",    "jl",    "ex",
    "exs",   "erl",   "hrl",    "hs",      "lhs",   "ml",   "mli",    "elm",    "nim",   "zig",
    "d",     "v",     "sv",     "vhd",     "vhdl",  "asm",  "s",      "sol",    "sql",   "sh",
    "bash",  "zsh",   "fish",   "ps1",     "psm1",  "bat",  "cmd",    "awk",    "tcl",   "vim",
    "el",    "lisp",  "scm",    "rkt",     "f",     "f90",  "f95",    "pas",    "adb",   "ads",
    "cob",   "proto", "thrift", "graphql", "gql",   "tf",   "bicep",  "nix",    "dhall", "bzl",
    "bazel", "cmake", "mk",     "css",     "scss",  "sass", "less",   "html",   "htm",   "xhtml",
    "hbs",   "ejs",   "erb",    "haml",    "pug",   "twig", "jinja",  "j2",     "tmpl",  "tpl",
    "qml",   "glsl",  "hlsl",   "wgsl",    "vert",  "frag", "metal",  "md",     "mdx",   "markdown",
    "rst",   "adoc",  "org",    "tex",     "bib",   "svg",  "po",     "pot",    "diff",  "patch",
    "snap",
});

/// Ordinary files of a package, even of one that is called "secrets".
inline constexpr auto kManifests = std::to_array<std::string_view>({
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "jsconfig.json",
    "composer.json",
    "cargo.toml",
    "cargo.lock",
    "pyproject.toml",
    "setup.cfg",
    "go.mod",
    "go.sum",
    "pom.xml",
    "build.xml",
    "makefile",
    "dockerfile",
    "cmakelists.txt",
    "build",
    "readme",
    "readme.txt",
    "license",
    "license.txt",
    "codeowners",
    "requirements.txt",
    "chart.yaml",
    "kustomization.yaml",
});

/// What is put behind a name for a copy, a template or a version of the file.
inline constexpr auto kCopies = std::to_array<std::string_view>({
    "~",         ".bak",  ".backup",  ".old",    ".orig",     ".save",     ".saved",
    ".swp",      ".swo",  ".tmp",     ".copy",   ".git",      ".example",  ".sample",
    ".template", ".dist", ".rpmsave", ".rpmnew", ".dpkg-old", ".dpkg-new", ".dpkg-dist",
    ".enc",      ".sops", ".1",       ".2",
});

}  // namespace inpaint::engine::secret_names
