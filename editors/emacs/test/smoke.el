;;; smoke.el --- emacs --batch -l smoke.el: findings, hover, actions, the shared session of edits -*- lexical-binding: t -*-

(load (expand-file-name "../strizh.el" (file-name-directory load-file-name)))
(require 'json)
(setq eglot-sync-connect t
      eglot-autoshutdown t
      eglot-send-changes-idle-time 0
      strizh-server-command (list (getenv "STRIZH_BIN") "lsp")
      create-lockfiles nil)

(defun smoke-check (condition message)
  (unless condition
    (princ (format "not ok %s\n" message))
    (kill-emacs 1)))

(defun smoke-findings ()
  (flymake-start)
  (accept-process-output nil 0.1)
  (flymake-diagnostics))

(defun smoke-wait (what ask)
  (let ((tries 200) answer)
    (while (and (> tries 0) (not (setq answer (funcall ask))))
      (setq tries (1- tries)))
    (smoke-check answer (concat "waited in vain for " what))
    answer))

(defun smoke-texts ()
  "Texts below the findings, in the order of the buffer."
  (mapcar (lambda (it) (buffer-substring-no-properties (flymake-diagnostic-beg it) (flymake-diagnostic-end it)))
          (sort (copy-sequence (smoke-findings))
                (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b))))))

(with-current-buffer (find-file-noselect (getenv "STRIZH_DEMO"))
  (smoke-check (eq major-mode 'bsl-mode) (format "the mode is %s" major-mode))
  (apply #'eglot--connect (eglot--guess-contact))
  (flymake-mode 1)
  (smoke-wait "findings" #'smoke-findings)
  ;; Places after Cyrillic letters and emoji.
  (smoke-wait "all findings" (lambda () (= (length (smoke-findings)) 6)))
  (let ((texts (smoke-texts)))
    (dolist (text '("Проверить" "Товар = Товар" "Сообщить" "Если Товар = Неопределено Тогда"))
      (smoke-check (member text texts) (format "no finding below %S: %S" text texts))))
  ;; Hover of the method and actions for the assignment.
  (goto-char (point-min))
  (search-forward "Процедура Про")
  (let ((hover (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (smoke-check (string-match-p "Процедура Проверить" (format "%S" hover)) (format "hover says %S" hover)))
  (search-forward "Товар = ")
  (let ((actions (jsonrpc-request (eglot--current-server-or-lose) :textDocument/codeAction
                                  `(:textDocument ,(eglot--TextDocumentIdentifier)
                                    :range (:start ,(eglot--pos-to-lsp-position) :end ,(eglot--pos-to-lsp-position))
                                    :context (:diagnostics [])))))
    (smoke-check (> (length actions) 0) "no code actions"))
  ;; An edit is seen by the server.
  (search-forward "Товар;")
  (replace-match "Текст;")
  (smoke-wait "the finding to go" (lambda () (not (member "Товар = Товар" (smoke-texts)))))
  (set-buffer-modified-p nil)
  (princ (format "ok Emacs %s, eglot: %d findings, hover, actions, an edit\n" emacs-version (length (smoke-findings))))
  (ignore-errors (eglot-shutdown (eglot-current-server)))
  (kill-emacs 0))
