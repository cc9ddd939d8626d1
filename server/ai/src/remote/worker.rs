//! The thread that speaks to the server. Dropping a request drops its connection, which is how it is cancelled.

use std::sync::mpsc::SyncSender;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use crate::remote::client::describe;
use crate::remote::{read_bounded, shapes};

const MAX_ANSWER_BYTES: usize = 1 << 20;
/// One runs, one waits, and the others were given up.
const QUEUE: usize = 16;

/// One exchange: the check first, where it is still needed, then the request.
pub(super) struct Job {
    pub check: Option<Url>,
    pub request: Option<(Url, String)>,
    pub key_environment: Option<String>,
    pub reply: SyncSender<Result<Vec<u8>, String>>,
    /// Closed by whoever lost interest.
    pub interest: oneshot::Receiver<()>,
}

/// Starts the thread; it ends when the sender is dropped.
pub(super) fn start(client: Client) -> Result<mpsc::Sender<Job>, String> {
    let (sender, jobs) = mpsc::channel(QUEUE);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| error.to_string())?;
    std::thread::Builder::new()
        .name("strizh-remote".to_owned())
        .spawn(move || runtime.block_on(work(client, jobs)))
        .map_err(|error| error.to_string())?;
    Ok(sender)
}

async fn work(client: Client, mut jobs: mpsc::Receiver<Job>) {
    while let Some(job) = jobs.recv().await {
        let Job { check, request, key_environment, reply, mut interest } = job;
        tokio::select! {
            biased;
            _ = &mut interest => {}
            result = exchange(&client, check, request, key_environment) => {
                let _ = reply.send(result);
            }
        }
    }
}

async fn exchange(
    client: &Client,
    check: Option<Url>,
    request: Option<(Url, String)>,
    key_environment: Option<String>,
) -> Result<Vec<u8>, String> {
    let mut headers = HeaderMap::new();
    if let Some(variable) = key_environment {
        headers.insert(AUTHORIZATION, authorization(&variable)?);
    }
    if let Some(url) = check {
        let sent = client.get(url).headers(headers.clone()).send().await;
        let response = sent.map_err(|error| describe(&error))?;
        // What it says does not matter, that it answers does.
        accept(response).await.map_err(|error| format!("the first check failed: {error}"))?;
    }
    let Some((url, body)) = request else { return Ok(Vec::new()) };
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let sent = client.post(url).headers(headers).body(body).send().await;
    let response = sent.map_err(|error| describe(&error))?;
    let content_type = response.headers().get(CONTENT_TYPE).cloned();
    let answer = accept(response).await?;
    let is_json = content_type
        .as_ref()
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
    if is_json { Ok(answer) } else { Err("the answer is not declared as JSON".to_owned()) }
}

fn authorization(variable: &str) -> Result<HeaderValue, String> {
    let key = std::env::var(variable)
        .map_err(|_| format!("the environment variable {variable} with the key is not set"))?;
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.trim()))
        .map_err(|_| format!("the environment variable {variable} holds no usable key"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The body of a good answer.
async fn accept(response: Response) -> Result<Vec<u8>, String> {
    let status = response.status();
    if status.is_redirection() {
        return Err(format!("the server redirects ({}), which is not followed", status.as_u16()));
    }
    let body = read_bounded(response, MAX_ANSWER_BYTES).await?;
    if status.is_success() {
        return Ok(body);
    }
    let said = serde_json::from_slice::<Value>(&body).ok().and_then(|answer| shapes::error_text(&answer));
    let hint = match status {
        StatusCode::NOT_IMPLEMENTED => " (the model has no tokens for a gap)",
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => " (the key is missing or wrong)",
        _ => "",
    };
    let said = said.map(|text| format!(": {text}")).unwrap_or_default();
    Err(format!("the server answered {}{hint}{said}", status.as_u16()))
}
