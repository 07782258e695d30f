#include "engine/base/secret_files.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

struct Store {
  const char* tool;
  const char* path;
};

// What people have, by the tool that reads it.
const Store kStores[] = {
    {"dotenv", "/w/.env"},
    {"dotenv", "/w/.env.local"},
    {"dotenv", "/w/.env-production"},
    {"dotenv", "/w/.env_prod"},
    {"dotenv", "/w/.env2"},
    {"dotenv", "/w/prod.env"},
    {"dotenv", "/w/prod.env.local"},
    {"dotenv", "/w/env.production"},
    {"dotenv", "/w/.env.example"},
    {"dotenv", "/w/.ENV"},
    {"direnv", "/w/.envrc"},
    {"flask", "/w/.flaskenv"},
    {"R", "/h/.Renviron"},
    {"R", "/usr/lib/R/etc/Renviron.site"},
    {"cookiecutter", "/w/.envs/.production/.django"},
    {"ssh", "/h/.ssh/config"},
    {"ssh", "/h/.ssh/work"},
    {"ssh", "id_ed25519"},
    {"ssh", "/w/deploy/id_rsa_deploy"},
    {"ssh", "/etc/ssh/ssh_host_ed25519_key"},
    {"ssh", "/w/deploy_key"},
    {"putty", "/w/server.ppk"},
    {"openssl", "/w/server.pem"},
    {"openssl", "/w/server.KEY"},
    {"openssl", "/w/server.key.txt"},
    {"openssl", "/w/client.p12"},
    {"windows", "/w/client.pfx"},
    {"apple", "/w/AuthKey_AB12.p8"},
    {"java", "/w/release.jks"},
    {"java", "/w/upload.keystore"},
    {"android", "/w/android/key.properties"},
    {"android", "/w/app/google-services.json"},
    {"gpg", "/h/.gnupg/pubring.kbx"},
    {"gpg", "/w/notes.gpg"},
    {"age", "/w/notes.age"},
    {"keepass", "/h/passwords.kdbx"},
    {"pass", "/h/.password-store/web/forum"},
    {"pass", "/dev/shm/pass.Ab12Cd/3f-mail.txt"},
    {"kerberos", "/etc/krb5.keytab"},
    {"netrc", "/h/.netrc"},
    {"netrc", "/h/_netrc"},
    {"emacs", "/h/.authinfo.gpg"},
    {"postgres", "/h/.pgpass"},
    {"postgres", "/h/.pg_service.conf"},
    {"mysql", "/h/.my.cnf"},
    {"mysql", "/h/.mylogin.cnf"},
    {"npm", "/w/.npmrc"},
    {"yarn", "/w/.yarnrc.yml"},
    {"pip", "/h/.config/pip/pip.conf"},
    {"twine", "/h/.pypirc"},
    {"cargo", "/h/.cargo/credentials"},
    {"cargo", "/h/.cargo/credentials.toml"},
    {"gem", "/h/.gem/credentials"},
    {"composer", "/h/.composer/auth.json"},
    {"maven", "/h/.m2/settings.xml"},
    {"gradle", "/h/.gradle/gradle.properties"},
    {"git", "/h/.git-credentials"},
    {"git", "/h/.gitconfig"},
    {"hub", "/h/.config/hub"},
    {"gh", "/h/.config/gh/hosts.yml"},
    {"glab", "/h/.config/glab-cli/config.yml"},
    {"aws", "/h/.aws/credentials"},
    {"aws", "/h/.aws/config"},
    {"aws", "/h/.aws/sso/cache/ab12.json"},
    {"aws", "/h/Downloads/robot_accessKeys.csv"},
    {"aws", "/h/Downloads/rootkey.csv"},
    {"azure", "/h/.azure/msal_token_cache.json"},
    {"azure", "/w/local.settings.json"},
    {"gcloud", "/h/.config/gcloud/application_default_credentials.json"},
    {"gcloud", "/w/service-account.json"},
    {"gcloud", "/w/my_service_account_2.json"},
    {"gcloud", "/w/serviceAccountKey.json"},
    {"google", "/w/client_secret_12.apps.json"},
    {"firebase", "/w/shop-firebase-adminsdk-x1.json"},
    {"gsutil", "/h/.boto"},
    {"s3cmd", "/h/.s3cfg"},
    {"rclone", "/h/.config/rclone/rclone.conf"},
    {"docker", "/h/.docker/config.json"},
    {"docker", "/h/.dockercfg"},
    {"docker", "/w/secrets/db_password"},
    {"docker", "/run/secrets/smtp"},
    {"kubectl", "/h/.kube/config"},
    {"kubectl", "/w/kubeconfig"},
    {"kubectl", "/w/prod.kubeconfig"},
    {"kubernetes", "/w/k8s/secret.yaml"},
    {"kubernetes", "/w/k8s/secrets/db.yaml"},
    {"helm", "/w/charts/secrets.prod.yaml"},
    {"terraform", "/w/terraform.tfvars"},
    {"terraform", "/w/prod.auto.tfvars.json"},
    {"terraform", "/w/terraform.tfstate"},
    {"terraform", "/w/terraform.tfstate.1699.backup"},
    {"terraform", "/h/.terraform.d/credentials.tfrc.json"},
    {"vault", "/h/.vault-token"},
    {"ansible", "/w/.vault_pass"},
    {"ansible", "/w/vault-password.txt"},
    {"ansible", "/w/group_vars/all/vault.yml"},
    {"rails", "/w/config/master.key"},
    {"rails", "/w/config/credentials.yml.enc"},
    {"rails", "/w/config/secrets.yml"},
    {"streamlit", "/w/.streamlit/secrets.toml"},
    {".net", "/h/.microsoft/usersecrets/12/secrets.json"},
    {"jenkins", "/var/lib/jenkins/secrets/initialAdminPassword"},
    {"apache", "/w/.htpasswd"},
    {"samba", "/h/.smbcredentials"},
    {"postfix", "/etc/postfix/sasl_passwd"},
    {"ppp", "/etc/ppp/chap-secrets"},
    {"ipsec", "/etc/ipsec.secrets"},
    {"wireguard", "/w/wg0.conf"},
    {"openvpn", "/w/office.ovpn"},
    {"wifi", "/etc/NetworkManager/system-connections/home.nmconnection"},
    {"wifi", "/etc/wpa_supplicant.conf"},
    {"passwd", "/etc/shadow"},
    {"shells", "/h/.bash_history"},
    {"shells", "/h/.local/share/fish/fish_history"},
    {"huggingface", "/h/.cache/huggingface/token"},
    {"kaggle", "/h/.kaggle/kaggle.json"},
    {"databricks", "/h/.databrickscfg"},
    {"dbt", "/h/.dbt/profiles.yml"},
    {"bitcoin", "/h/wallet.dat"},
    {"R", "/h/.Renviron.local"},
    {"wrangler", "/w/.dev.vars"},
    {"wrangler", "/w/.dev.vars.production"},
    {"openstack", "/h/clouds.yaml"},
    {"openstack", "/h/.config/openstack/secure.yaml"},
    {"terraform", "/w/prod.tfbackend"},
    {"packer", "/w/prod.auto.pkrvars.hcl"},
    {"kubectl", "/tmp/kubectl-edit-3121.yaml"},
    {"ansible", "/h/.ansible/tmp/ansible-local-31xy/tmpab.yml"},
    {"ansible", "/w/group_vars/all/vault"},
    {"doppler", "/h/.doppler/.doppler.yaml"},
    {"nuget", "/w/NuGet.Config"},
    {"mercurial", "/h/.hgrc"},
    {"sftp", "/w/.vscode/sftp.json"},
    {"idea", "/w/.idea/dataSources.local.xml"},
    {"symfony", "/w/app/config/parameters.yml"},
    {"n8n", "/w/credentials/mail.json"},
    {"android", "/w/local.properties"},
    {"snowflake", "/h/.snowflake/connections.toml"},
    {"cassandra", "/h/.cassandra/cqlshrc"},
    {"rabbitmq", "/var/lib/rabbitmq/.erlang.cookie"},
    {"wifi", "/etc/wpa_supplicant/wpa_supplicant-wlan0.conf"},
    {"wifi", "/var/lib/iwd/home.psk"},
    {"mutt", "/h/.muttrc"},
    {"huggingface", "/h/.cache/huggingface/stored_tokens"},
    {"shells", "/h/.histfile"},
    {"shells", "/h/AppData/PSReadLine/ConsoleHost_history.txt"},
    {"apple", "/h/Library/Keychains/login.keychain-db"},
    {"windows", "/h/AppData/Roaming/GitHub CLI/hosts.yml"},
    {"people", "/h/passwords.txt"},
    {"people", "/h/api-key.txt"},
    {"people", "/h/OPENAI_API_KEY"},
    {"people", "/h/openai_key.txt"},
    {"people", "/h/APIKey"},
    {"people", "/h/db-credentials.json"},
    {"people", "/h/DbCredentials.xml"},
    {"people", "/h/recovery-codes.txt"},
    {"people", "/h/github_token"},
    {"a copy", "/w/.env~"},
    {"a copy", "/w/.env.bak"},
    {"a copy", "/w/#.env#"},
    {"a copy", "/w/..env.swp"},
    {"a copy", "/w/.env copy"},
    {"a copy", "/w/id_rsa.old"},
    {"a copy", "/w/credentials (1).json"},
    {"a copy", "/w/terraform.tfvars.example"},
    {"a copy", "/w/server.pem.git"},
    {"another system", "C:\\w\\.env"},
    {"another system", "/c:/Users/a/.aws/credentials"},
    {"a name alone", ".pypirc"},
};

TEST(SecretFiles, StoresAreSecret) {
  for (const Store& c : kStores)
    EXPECT_EQ(secrecy_of_path(c.path), Secrecy::secret) << c.tool << ": " << c.path;
}

TEST(SecretFiles, SourceCodeAndConfigurationAreOpen) {
  for (const char* path : {"/w/env.py",
                           "/w/environment.ts",
                           "/w/environment.yml",
                           "/w/env.d.ts",
                           "/w/vite-env.d.ts",
                           "/w/keys.go",
                           "/w/key.ts",
                           "/w/key.rs",
                           "/w/token.go",
                           "/w/tokens.json",
                           "/w/tokenizer.json",
                           "/w/token_bucket.py",
                           "/w/password_reset.py",
                           "/w/passwords_test.go",
                           "/w/secret_manager.go",
                           "/w/secretary.txt",
                           "/w/monkey.txt",
                           "/w/keyboard.json",
                           "/w/credentials_provider.ts",
                           "/w/config.json",
                           "/w/config",
                           "/w/settings.json",
                           "/w/package.json",
                           "/w/pem.rs",
                           "/w/.envrc/a.py",
                           "/w/x.env/a.c",
                           "/w/.environment",
                           "/w/secrets/rotate.py",
                           "/w/secrets/package.json",
                           "/w/secrets/README.md",
                           "/w/.docker/nginx.conf",
                           "/w/.config/nvim/init.lua",
                           "/w/drivers/net/wireguard/main.c",
                           "/w/wgsl.conf",
                           "/w/main.tf",
                           "/w/gradle.properties",
                           "/w/app.properties",
                           "/w/ssh.md",
                           "/w/.gitignore",
                           "/w/.bashrc",
                           "/w/.prettierrc",
                           "/w/public_key.txt",
                           "/w/primary_key.txt",
                           "/w/credentials/routes.ts",
                           "/w/.env/lib/site.py",
                           "/w/inventory/hosts.yml",
                           "/w/LICENSE",
                           "/w/Makefile",
                           "/w/shadow.css",
                           "/w/history.txt",
                           "Untitled-1",
                           "",
                           "/",
                           ".",
                           "..",
                           "~",
                           "#"})
    EXPECT_EQ(secrecy_of_path(path), Secrecy::open) << path;
}

TEST(SecretFiles, CodeThatIsNamedForItsSecretsIsGuarded) {
  for (const char* path :
       {"/w/secrets.py", "/w/Credentials.java", "/w/credentials.py", "/w/secrets.go",
        "/w/api_key.ts", "/w/password.go", "/w/arduino_secrets.h", "/w/wp-config.php",
        "/w/config/prod.secret.exs", "/w/LocalSettings.php", "/w/secrets.sh", "/w/passwords.md"})
    EXPECT_EQ(secrecy_of_path(path), Secrecy::guarded) << path;
}

// Written in parts, so that this file holds no key itself.
const std::string kBegin = "-----BEGIN ";
const std::string kEnd = "PRIVATE KEY";

TEST(SecretFiles, ATextWithAPrivateKeyIsSecret) {
  for (const std::string& text :
       {kBegin + kEnd + "-----\nMIIE\n", "a\n  key: |\n    " + kBegin + "RSA " + kEnd + "-----\n",
        kBegin + "OPENSSH " + kEnd + "-----\n", kBegin + "PGP " + kEnd + " BLOCK-----\n",
        "{\"k\": \"" + kBegin + "ENCRYPTED " + kEnd + "-----\\nMII\"}",
        std::string("PuTTY-User-Key-File-3: x\n"), "# a\nAGE-SECRET-" + std::string("KEY-1QQ\n"),
        std::string("$ANSIBLE_VAULT;1.1;AES256\n")}) {
    EXPECT_EQ(secrecy_of_text(text, "/w/notes.txt"), Secrecy::secret) << text;
    EXPECT_EQ(secrecy_of_text(text, ""), Secrecy::secret) << text;
    EXPECT_EQ(secrecy_of_text(text, "/w/test_keys.PY"), Secrecy::guarded) << text;
    EXPECT_EQ(secrecy_of_text(text, "Untitled-1", /*is_code=*/true), Secrecy::guarded) << text;
  }
}

TEST(SecretFiles, ATextThatOnlySpeaksOfKeysIsOpen) {
  for (const std::string& text :
       {std::string(), "a " + kEnd + " is needed", kBegin + "PUBLIC KEY-----\n",
        kBegin + "CERTIFICATE-----\n" + std::string(40, 'x') + kEnd, kEnd + kEnd,
        std::string("see $ANSIBLE_VAULT;")})
    EXPECT_EQ(secrecy_of_text(text, "/w/notes.txt"), Secrecy::open) << text;
}

TEST(SecretFiles, ALongPathCostsLittle) {
  std::string path;
  for (int i = 0; i < 2000; ++i) path += "/a.b-C_d";
  EXPECT_EQ(secrecy_of_path(path), Secrecy::open);
  EXPECT_EQ(secrecy_of_path(std::string(100'000, '.')), Secrecy::open);
  EXPECT_EQ(secrecy_of_path(std::string(100'000, '/') + ".env"), Secrecy::secret);
}

}  // namespace
}  // namespace inpaint::engine
