;;; inpaint.el --- Complete code by diffusion, through Eglot  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "30.1"))
;; Keywords: convenience, languages
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Inpaint suggests what is missing around point, between the text before and behind it.  The
;; language server `inpaint' does the work, on your own machine.
;;
;;   (require 'inpaint)
;;   (add-hook 'python-mode-hook #'inpaint-mode)
;;
;; `inpaint-mode' lets Eglot start the server for the buffer.  Suggestions are candidates of
;; `completion-at-point', hence of whatever shows those (the *Completions* buffer, Corfu, Company),
;; and, with `inpaint-ghost' non-nil, ghost text behind point.
;;
;; Eglot talks to one server per buffer.  Where another server should stay, leave `inpaint-mode' off
;; there; the README says how to have both.

;;; Code:

(require 'eglot)
(require 'inpaint-ghost)

;; Defined by `define-minor-mode' below.
(defvar inpaint-mode)

(defgroup inpaint nil
  "Complete code by diffusion."
  :group 'tools
  :prefix "inpaint-")

(defcustom inpaint-program "inpaint"
  "The program that is started as `inpaint serve --stdio'.
A name in variable `exec-path', or a path."
  :type 'string
  :risky t)

(defcustom inpaint-model nil
  "A model: its name, its folder or its .gguf file.
nil for the one that `inpaint models list' marks with a star."
  :type '(choice (const :tag "The one in use" nil) (string :tag "Name") file directory)
  :risky t)

(defcustom inpaint-modes
  '((c-mode . "c") (c-ts-mode . "c")
    (c++-mode . "cpp") (c++-ts-mode . "cpp")
    (python-base-mode . "python")
    (js-base-mode . "javascript")
    (typescript-ts-mode . "typescript") (tsx-ts-mode . "typescriptreact")
    (rust-mode . "rust") (rust-ts-mode . "rust")
    (go-mode . "go") (go-ts-mode . "go")
    (java-mode . "java") (java-ts-mode . "java")
    ;; Line by line, without a parser's checks, as any other that is added.
    (csharp-mode . "csharp") (csharp-ts-mode . "csharp")
    (php-mode . "php") (php-ts-mode . "php")
    (ruby-base-mode . "ruby")
    (kotlin-mode . "kotlin") (kotlin-ts-mode . "kotlin")
    (sh-base-mode . "shellscript"))
  "Major modes that the server completes, or their parents.
Behind each stands the name of its language in the protocol."
  :type '(alist :key-type symbol :value-type string))

(defcustom inpaint-wait 400
  "How many milliseconds `completion-at-point' waits for a suggestion.
Emacs stands still meanwhile, unless a key is pressed."
  :type 'natnum)

(defcustom inpaint-ghost t
  "Whether suggestions are shown behind point while typing."
  :type 'boolean)

(defcustom inpaint-settings nil
  "More settings for the server, a property list: (:maxTokens 96 :alternatives 5)."
  :type 'plist
  :risky t)

(defclass inpaint-server (eglot-lsp-server)
  ;; Why nothing was shown last: a reason of the server; nil when something was.
  ((nothing :initform nil :accessor inpaint--nothing))
  :documentation "The connection to a server `inpaint'.")

(cl-defmethod eglot-initialization-options ((_server inpaint-server))
  "What the server is told at its start."
  ;; Candidates are wanted beside ghost text; without the setting a client that has ghost text gets
  ;; no candidates.
  (append inpaint-settings (list :completionItems "on" :completionDeadlineMs inpaint-wait)))

(cl-defmethod eglot-client-capabilities :around ((_server inpaint-server))
  "Eglot's own, inline completion, and a place for the server's status."
  (let ((capabilities (plist-put (cl-call-next-method) :experimental '(:inpaintStatus t))))
    (when inpaint-ghost
      (let ((document (plist-get capabilities :textDocument)))
        (setq document (plist-put document :inlineCompletion '(:dynamicRegistration :json-false))
              capabilities (plist-put capabilities :textDocument document))))
    capabilities))

(defun inpaint--model-word ()
  "`inpaint-model' for the command line: a path is made absolute, a name is not."
  (if (string-search "/" inpaint-model) (expand-file-name inpaint-model) inpaint-model))

(defun inpaint-contact (&optional _interactive _project)
  "The server as `eglot-server-programs' wants it."
  `(inpaint-server ,inpaint-program "serve" "--stdio"
                   ,@(and inpaint-model (list "--model" (inpaint--model-word)))))

(defun inpaint--modes ()
  "`inpaint-modes' as `eglot-server-programs' wants them."
  (mapcar (lambda (entry) (list (car entry) :language-id (cdr entry))) inpaint-modes))

;;;###autoload
(defun inpaint-register ()
  "Let `eglot' start Inpaint in all of `inpaint-modes', before any other server.
Whoever wants it in some buffers only uses `inpaint-mode' there."
  (add-to-list 'eglot-server-programs (cons (inpaint--modes) #'inpaint-contact)))

(defun inpaint--managed-p ()
  "Whether Inpaint's server completes the current buffer."
  (and (eglot-managed-p) (cl-typep (eglot-current-server) 'inpaint-server)))

(cl-defmethod eglot-handle-notification
  ((server inpaint-server) (_method (eql inpaint/status)) &key nothing &allow-other-keys)
  "Keep for the mode line of SERVER's buffers why NOTHING is shown."
  (setf (inpaint--nothing server) nothing)
  (force-mode-line-update t))

(defun inpaint--mode-line ()
  "A sign that the last suggestion was none, with the reason as its tooltip."
  (when-let* (((inpaint--managed-p))
              (nothing (inpaint--nothing (eglot-current-server))))
    (propertize " Inpaint:none" 'mouse-face 'mode-line-highlight
                'help-echo (format "%s: %s\n`inpaint-why' tells more"
                                   (plist-get nothing :words) (plist-get nothing :remedy)))))

(add-to-list 'mode-line-misc-info '(inpaint-mode (:eval (inpaint--mode-line))))

(defun inpaint-why ()
  "Tell why there were no suggestions lately, and what would change that."
  (interactive)
  (unless (inpaint--managed-p)
    (user-error "inpaint: the server does not complete this buffer: `inpaint-mode' starts it"))
  (let ((answer (jsonrpc-request (eglot-current-server) :inpaint/why nil)))
    (with-help-window "*inpaint why*"
      (princ (plist-get answer :text)))))

(defun inpaint--managed-changed ()
  "Ghost text comes and goes with the server."
  (inpaint-ghost-mode (if (and inpaint-mode inpaint-ghost (inpaint--managed-p)) 1 -1)))

(defun inpaint--connect ()
  "Start the server for the current buffer now."
  (pcase-let ((`(,modes ,project ,class ,contact ,languages) (eglot--guess-contact)))
    (eglot modes project class contact languages)))

(defun inpaint--check ()
  "Signal what stands against starting the server here, with a remedy."
  (cond
   ((not buffer-file-name)
    (user-error "inpaint: the buffer visits no file: save it first"))
   ((not (derived-mode-p (mapcar #'car inpaint-modes)))
    (user-error "inpaint: `%s' is not among `inpaint-modes': add it there" major-mode))
   ((not (executable-find inpaint-program))
    (user-error "inpaint: the program `%s' was not found: put it into PATH or set `inpaint-program'"
                inpaint-program))
   ((and (eglot-managed-p) (not (inpaint--managed-p)))
    (user-error "inpaint: %s completes this buffer already, and Eglot has one server per buffer: \
`eglot-shutdown' it first"
                (plist-get (eglot--server-info (eglot-current-server)) :name)))))

;;;###autoload
(define-minor-mode inpaint-mode
  "Complete the buffer by Inpaint's language server."
  :lighter (:eval (if (inpaint--managed-p) " Inpaint" " Inpaint:off"))
  (cond
   (inpaint-mode
    (condition-case problem
        (inpaint--check)
      (user-error (setq inpaint-mode nil)
                  (signal (car problem) (cdr problem))))
    ;; In this buffer only: elsewhere the user's other servers stay.
    (setq-local eglot-server-programs
                (cons (cons (inpaint--modes) #'inpaint-contact) eglot-server-programs))
    (add-hook 'eglot-managed-mode-hook #'inpaint--managed-changed nil t)
    (if (inpaint--managed-p) (inpaint--managed-changed) (inpaint--connect)))
   (t
    (inpaint-ghost-mode -1)
    (remove-hook 'eglot-managed-mode-hook #'inpaint--managed-changed t)
    (kill-local-variable 'eglot-server-programs)
    (when (inpaint--managed-p)
      ;; The last buffer takes the server along.
      (let ((server (eglot-current-server)))
        (if (cdr (eglot--managed-buffers server))
            (eglot--managed-mode-off)
          (eglot-shutdown server)))))))

(provide 'inpaint)
;;; inpaint.el ends here
