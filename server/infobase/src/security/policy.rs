//! Roles and what they may do. What is not listed is denied.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads states and classifies changes.
    Viewer,
    /// Applies changes and takes them back.
    Developer,
    /// Also ends sessions and changes infobases that are marked as production.
    Admin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Connect,
    Read,
    DryRun,
    Reload,
    Rollback,
    EndSessions,
    ChangeProduction,
}

impl Action {
    /// As the audit names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Read => "read",
            Self::DryRun => "dryRun",
            Self::Reload => "reload",
            Self::Rollback => "rollback",
            Self::EndSessions => "endSessions",
            Self::ChangeProduction => "changeProduction",
        }
    }
}

impl Role {
    pub fn allows(self, action: Action) -> bool {
        match action {
            Action::Connect | Action::Read | Action::DryRun => true,
            Action::Reload | Action::Rollback => self >= Self::Developer,
            Action::EndSessions | Action::ChangeProduction => self == Self::Admin,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Admin => "admin",
        })
    }
}

/// Somebody who has proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub user: String,
    pub role: Role,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_may_do_what_they_are_for() {
        let allowed = |role: Role| {
            let all = [
                Action::Read,
                Action::DryRun,
                Action::Reload,
                Action::Rollback,
                Action::EndSessions,
                Action::ChangeProduction,
            ];
            all.into_iter().filter(|action| role.allows(*action)).map(Action::name).collect::<Vec<_>>()
        };
        assert_eq!(allowed(Role::Viewer), ["read", "dryRun"]);
        assert_eq!(allowed(Role::Developer), ["read", "dryRun", "reload", "rollback"]);
        assert_eq!(allowed(Role::Admin).len(), 6);
        assert!(serde_json::from_str::<Role>("\"root\"").is_err());
    }
}
