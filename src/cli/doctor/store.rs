//! The database: there, ours, up to date, for this address.

use std::os::unix::fs::PermissionsExt as _;

use app::Settings;
use platform::store::{self, Age, Db};
use platform::vault::{self, Standing};

use super::Finding;

const ABOUT: &str = "database";

pub(super) async fn look(settings: &Settings) -> Vec<Finding> {
    let url = settings.database_url();
    let file = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"));
    let shown = file.unwrap_or("PostgreSQL").to_owned();
    if let Some(path) = file
        && !std::path::Path::new(path).exists()
    {
        return vec![Finding::attention(
            ABOUT,
            format!("there is none at {path} yet; the first start makes it"),
        )];
    }
    let db = match Db::connect(&url, &settings.database).await {
        Ok(db) => db,
        Err(error) => {
            return vec![Finding::wrong(
                ABOUT,
                format!("{shown}: {error}. Look at database.url"),
            )];
        }
    };
    let mut findings = vec![age(&db, &shown).await];
    findings.extend(address(&db, settings).await);
    if matches!(store::age(&db).await, Ok(Age::Current)) {
        findings.push(keys(&db, settings).await);
    }
    db.close().await;
    findings
}

async fn age(db: &Db, shown: &str) -> Finding {
    match store::age(db).await {
        Ok(Age::Current) => Finding::good(ABOUT, format!("{shown}, up to date")),
        Ok(Age::Behind(steps)) => Finding::attention(
            ABOUT,
            format!("{shown} is {steps} steps behind: make a backup, the next start brings it up to date"),
        ),
        Ok(Age::Ahead) => Finding::wrong(
            ABOUT,
            format!("{shown} was used by a newer Parvis: install that version, or restore a backup"),
        ),
        Err(error) => Finding::wrong(ABOUT, format!("{shown}: {error}")),
    }
}

/// A database belongs to one base URL.
async fn address(db: &Db, settings: &Settings) -> Option<Finding> {
    let stored = store::setting(db, "base_url").await.ok().flatten()?;
    let ours = settings.base_url();
    (stored != ours).then(|| {
        Finding::wrong(
            ABOUT,
            format!("it belongs to {stored}, and server.base_url is {ours}: the server will not start. Set it back"),
        )
    })
}

/// The file without which what is encrypted stays so.
async fn keys(db: &Db, settings: &Settings) -> Finding {
    let about = "keys";
    let path = settings.vault.path(&settings.server.data_dir);
    match vault::look(&path, db, &app::sealed_columns()).await {
        Standing::Good { path, keys } => {
            let private =
                std::fs::metadata(&path).is_ok_and(|found| found.permissions().mode().trailing_zeros() >= 6);
            if private {
                let said = format!("{} opens what is encrypted ({keys} in it)", path.display());
                Finding::good(about, said + "; keep a copy apart from the backups")
            } else {
                Finding::attention(
                    about,
                    format!("others can read {0}: chmod 600 {0}", path.display()),
                )
            }
        }
        Standing::NotYet(path) => Finding::attention(
            about,
            format!("there is no {} yet; the next start makes it", path.display()),
        ),
        Standing::Wrong(error) => Finding::wrong(about, error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Grade;
    use super::*;

    #[tokio::test]
    async fn the_three_states_of_a_file_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.server.data_dir = folder.path().to_path_buf();
        let grades = async |settings: &Settings| -> Vec<Grade> {
            look(settings).await.iter().map(|finding| finding.grade).collect()
        };
        assert_eq!(grades(&settings).await, [Grade::Attention], "not made yet");
        let db = Db::open(&settings.database_url(), &settings.database)
            .await
            .unwrap();
        let mut tx = db.begin().await.unwrap();
        store::set_setting(&mut tx, "base_url", &settings.base_url())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        db.close().await;
        assert_eq!(
            grades(&settings).await,
            [Grade::Good, Grade::Attention],
            "no keys yet"
        );
        std::fs::write(
            folder.path().join("vault.keys"),
            format!("1 {}\n", "ab".repeat(32)),
        )
        .unwrap();
        assert_eq!(grades(&settings).await[1], Grade::Attention, "readable by others");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(folder.path().join("vault.keys"), mode).unwrap();
        assert_eq!(grades(&settings).await, [Grade::Good, Grade::Good]);
        settings.server.base_url = "https://elsewhere.example.org".to_owned();
        assert_eq!(grades(&settings).await, [Grade::Good, Grade::Wrong, Grade::Good]);
        std::fs::write(
            folder.path().join("parvis.db"),
            b"this is no database at all, but some text",
        )
        .unwrap();
        assert_eq!(grades(&settings).await, [Grade::Wrong]);
    }
}
