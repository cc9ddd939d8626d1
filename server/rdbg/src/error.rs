//! Why a measurement did not happen, for people in both languages.

use std::fmt;

use base::Locale;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DebugError {
    Address {
        address: String,
        problem: AddressProblem,
    },
    /// Nobody listens there.
    Unreachable {
        address: String,
        message: String,
    },
    /// Another debugger has the infobase: the Configurator or EDT.
    InfobaseInDebug,
    /// The server does not let this debugger in, in its own word.
    Refused(String),
    /// The server answers with an error.
    Server {
        command: String,
        status: u16,
        message: String,
    },
    /// The connection or the answer is broken.
    Broken {
        command: String,
        message: String,
    },
    /// No session can be measured, or all of them have ended.
    NoTargets,
    /// A measurement was stopped and no result came.
    NoResults,
    Cancelled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    Scheme,
    Malformed,
    /// Another machine that is not allowed.
    Foreign,
}

impl AddressProblem {
    fn text(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::Scheme, Locale::Ru) => "адрес сервера отладки начинается с http://",
            (Self::Scheme, Locale::En) => "the address of a debug server begins with http://",
            (Self::Malformed, Locale::Ru) => "ожидаются узел и порт",
            (Self::Malformed, Locale::En) => "a host and a port are expected",
            (Self::Foreign, Locale::Ru) => "опрашивается только эта машина, если узел не разрешён по имени",
            (Self::Foreign, Locale::En) => "only this machine is asked unless the host is allowed by name",
        }
    }
}

impl DebugError {
    pub fn text(&self, locale: Locale) -> String {
        let text = |ru: &str, en: &str| match locale {
            Locale::Ru => ru.to_owned(),
            Locale::En => en.to_owned(),
        };
        match self {
            Self::Address { address, problem } => format!("{address}: {}", problem.text(locale)),
            Self::Unreachable { address, message } => {
                let what = text("сервер отладки не отвечает", "no debug server answers");
                format!("{address}: {what}: {message}")
            }
            Self::InfobaseInDebug => text(
                "к базе уже подключён отладчик: закройте Конфигуратор или EDT",
                "another debugger is attached to the infobase: close the Configurator or EDT",
            ),
            Self::Refused(word) => {
                format!("{}: {word}", text("сервер отладки отказал", "the debug server refuses"))
            }
            Self::Server { command, status, message } => {
                let what = text("сервер отладки отвечает", "the debug server answers");
                format!("{command}: {what} {status}: {message}")
            }
            Self::Broken { command, message } => {
                let what =
                    text("связь с сервером отладки нарушена", "the connection to the debug server broke");
                format!("{command}: {what}: {message}")
            }
            Self::NoTargets => text(
                "у базы нет сеансов под отладкой: запустите клиент с ключами /DEBUG -http -attach /DEBUGGERURL",
                "no session of the infobase is being debugged: start a client with /DEBUG -http -attach /DEBUGGERURL",
            ),
            Self::NoResults => text(
                "замер остановлен, но результаты не пришли",
                "the measurement was stopped, but no results came",
            ),
            Self::Cancelled => text("замер прерван", "the measurement was given up"),
        }
    }
}

impl fmt::Display for DebugError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(Locale::En))
    }
}

impl std::error::Error for DebugError {}
