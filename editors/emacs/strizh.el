;;; strizh.el --- BSL (1C:Enterprise) and OneScript with eglot -*- lexical-binding: t -*-

;; A mode for .bsl and .os files and the registration of the strizh language server. Emacs 28 needs the package eglot,
;; newer ones have it. Add to the init file:
;;   (load "/path/to/editors/emacs/strizh.el")
;;   (add-hook 'bsl-mode-hook #'eglot-ensure)

;;; Code:

(require 'eglot)

(defgroup strizh nil "Language server of BSL." :group 'languages)

(defcustom strizh-server-command '("strizh" "lsp")
  "Program of the server and its arguments."
  :type '(repeat string))

(defvar bsl-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?| "." table)
    (modify-syntax-entry ?_ "_" table)
    table))

(defconst strizh--keywords
  (concat "\\_<\\(?:"
          (mapconcat
           #'regexp-quote
           '("процедура" "конецпроцедуры" "функция" "конецфункции" "экспорт" "перем" "знач" "возврат" "если" "тогда"
             "иначеесли" "иначе" "конецесли" "для" "каждого" "из" "по" "пока" "цикл" "конеццикла" "прервать" "продолжить"
             "попытка" "исключение" "вызватьисключение" "конецпопытки" "новый" "и" "или" "не" "истина" "ложь" "неопределено"
             "procedure" "endprocedure" "function" "endfunction" "export" "var" "val" "return" "if" "then" "elsif" "else"
             "endif" "for" "each" "in" "to" "while" "do" "enddo" "break" "continue" "try" "except" "raise" "endtry" "new"
             "and" "or" "not" "true" "false" "undefined")
           "\\|")
          "\\)\\_>"))

;;;###autoload
(define-derived-mode bsl-mode prog-mode "BSL"
  "Mode of modules of 1C:Enterprise and of OneScript."
  (setq-local comment-start "// "
              comment-start-skip "//+ *"
              indent-tabs-mode t
              tab-width 4
              font-lock-defaults `(((,strizh--keywords . font-lock-keyword-face)
                                    ("^\\s-*[#&].*$" . font-lock-preprocessor-face))
                                   nil t)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.\\(?:bsl\\|os\\)\\'" . bsl-mode))
(add-to-list 'eglot-server-programs '(bsl-mode . (lambda (&rest _) strizh-server-command)))

(defun strizh--execute (command arguments)
  "Run COMMAND of the server with the vector ARGUMENTS and show what it answers."
  (let* ((server (or (eglot-current-server) (user-error "No strizh runs here")))
         (result (jsonrpc-request server :workspace/executeCommand `(:command ,command :arguments ,arguments)))
         (text (and (listp result) (or (plist-get result :markdown) (plist-get result :text)))))
    (when text
      (with-help-window "*strizh*" (princ text)))))

(defun strizh-explain ()
  "Tell what the method at point does."
  (interactive)
  (let ((place (eglot--TextDocumentPositionParams)))
    (strizh--execute "strizh.explain"
                     (vector (plist-get (plist-get place :textDocument) :uri) (plist-get place :position)))))

(defun strizh-reload ()
  "Save the module and put it into the running infobase."
  (interactive)
  (save-buffer)
  (strizh--execute "strizh.hotReload" (vector (plist-get (eglot--TextDocumentIdentifier) :uri))))

(defun strizh-explain-error (start end)
  "Explain the error between START and END, or the one that was copied last."
  (interactive (if (use-region-p) (list (region-beginning) (region-end)) (list nil nil)))
  (strizh--execute "strizh.explainError"
                   (vector (if start (buffer-substring-no-properties start end) (current-kill 0)))))

(defun strizh-profile-import (path)
  "Show the measurements of PATH, a file or a folder of journals, on their lines."
  (interactive "fProfile, journal or folder: ")
  (strizh--execute "strizh.profile.import" (vector (expand-file-name path))))

(defun strizh-measure-start ()
  "Measure the running infobase by the debug server of the settings."
  (interactive)
  (strizh--execute "strizh.profile.start" []))

(defun strizh-measure-stop ()
  "Stop measuring and show what was measured on its lines."
  (interactive)
  (strizh--execute "strizh.profile.stop" []))

(provide 'strizh)
;;; strizh.el ends here
