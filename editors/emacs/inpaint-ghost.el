;;; inpaint-ghost.el --- Ghost text from Eglot's server  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Eglot has no inline completion.  This asks its server for it (textDocument/inlineCompletion of
;; LSP 3.18) when typing pauses, and shows the answer behind point.  What is typed of a suggestion
;; stays typed and the rest stays shown; anything else takes it away.

;;; Code:

(require 'eglot)

;; Defined by `define-minor-mode' below.
(defvar inpaint-ghost-mode)

(defvar inpaint-ghost-delay 0.15
  "How many seconds of idleness come before the server is asked.")

(defface inpaint-ghost '((t :inherit shadow))
  "The text of a suggestion.")

(defvar-local inpaint-ghost--overlay nil "Shows the suggestion; nil when there is none.")
(defvar-local inpaint-ghost--items nil
  "The alternatives: a vector of property lists.
Of each, :text is the text, :begin and :end are markers of what it
replaces, :command is what the server wants to hear on accepting.")
(defvar-local inpaint-ghost--index 0 "Which of them is shown.")
(defvar-local inpaint-ghost--timer nil)
(defvar-local inpaint-ghost--asked 0 "Counts requests, so that only the newest is shown.")
(defvar-local inpaint-ghost--tick nil "The text and point that the last look was at.")

(defun inpaint-ghost--state ()
  "What must be the same for an answer to fit."
  (cons (buffer-chars-modified-tick) (point)))

(defun inpaint-ghost--get (property)
  "PROPERTY of the item that is shown."
  (plist-get (aref inpaint-ghost--items inpaint-ghost--index) property))

(defun inpaint-ghost--rest ()
  "What of the item is not typed yet; nil when something else was typed."
  (when inpaint-ghost--items
    (let ((text (inpaint-ghost--get :text))
          (begin (inpaint-ghost--get :begin)))
      (when (<= begin (point) (inpaint-ghost--get :end))
        (let ((typed (buffer-substring-no-properties begin (point))))
          (and (string-prefix-p typed text)
               (> (length text) (length typed))
               (substring text (length typed))))))))

(defun inpaint-ghost-visible-p ()
  "Whether a suggestion is shown."
  (and inpaint-ghost--overlay t))

(defun inpaint-ghost-hide ()
  "Take the suggestion away."
  (interactive)
  (when inpaint-ghost--overlay
    (delete-overlay inpaint-ghost--overlay))
  (setq inpaint-ghost--overlay nil
        inpaint-ghost--items nil))

(defun inpaint-ghost--draw ()
  "Show what is left of the item, or hide it."
  (let ((rest (inpaint-ghost--rest)))
    (if (or (not rest)
            ;; Emacs shows a candidate behind point by itself: two of them would run together.
            (bound-and-true-p completion-preview-active-mode))
        (inpaint-ghost-hide)
      (unless inpaint-ghost--overlay
        (setq inpaint-ghost--overlay (make-overlay (point) (point) nil t t))
        (overlay-put inpaint-ghost--overlay 'priority 100))
      (move-overlay inpaint-ghost--overlay (point) (inpaint-ghost--get :end))
      ;; What is replaced gives way to what replaces it.
      (overlay-put inpaint-ghost--overlay 'invisible t)
      (let ((shown (propertize rest 'face 'inpaint-ghost)))
        ;; Else the cursor would stand behind the ghost text.
        (put-text-property 0 1 'cursor t shown)
        (overlay-put inpaint-ghost--overlay 'before-string shown)))))

(defun inpaint-ghost--item (item)
  "ITEM of the server, in terms of the buffer as it is now."
  (let* ((range (plist-get item :range))
         (region (if range (eglot-range-region range) (cons (point) (point)))))
    ;; Positions are those of the text that was asked about: markers keep them while one types.
    (list :text (plist-get item :insertText)
          :begin (copy-marker (car region))
          :end (copy-marker (cdr region) t)
          :command (plist-get item :command))))

(defun inpaint-ghost--show (items index)
  "Show the one of ITEMS at INDEX, made for the text as it is."
  (inpaint-ghost-hide)
  (setq inpaint-ghost--items (vconcat (mapcar #'inpaint-ghost--item items))
        inpaint-ghost--index (mod index (length items)))
  (inpaint-ghost--draw))

(defun inpaint-ghost-ask (&optional invoked)
  "Ask the server; with INVOKED for several alternatives, else for the quickest."
  (let* ((server (eglot-current-server))
         (buffer (current-buffer))
         (state (inpaint-ghost--state))
         (asked (cl-incf inpaint-ghost--asked)))
    (when (and server (eglot-server-capable :inlineCompletionProvider))
      (eglot--signal-textDocument/didChange)
      (jsonrpc-async-request
       server :textDocument/inlineCompletion
       (append (eglot--TextDocumentPositionParams)
               (list :context (list :triggerKind (if invoked 1 2))))
       :success-fn
       (lambda (result)
         (when (buffer-live-p buffer)
           (with-current-buffer buffer
             (let ((items (if (vectorp result) result (plist-get result :items))))
               ;; Null says that a newer request has taken over.
               (when (and result inpaint-ghost-mode
                          (= asked inpaint-ghost--asked)
                          (equal state (inpaint-ghost--state)))
                 (if (seq-empty-p items)
                     (inpaint-ghost-hide)
                   (inpaint-ghost--show items (if invoked 1 0))))))))
       ;; The server says what is wrong by itself, once; a message for each keystroke would not
       ;; help.
       :error-fn #'ignore
       :timeout-fn #'ignore))))

(defun inpaint-ghost--look ()
  "Keep, shorten or hide what is shown, and ask anew when text changed."
  (let ((state (inpaint-ghost--state)))
    (unless (equal state inpaint-ghost--tick)
      (let ((edited (not (eql (car state) (car inpaint-ghost--tick)))))
        (setq inpaint-ghost--tick state)
        (when inpaint-ghost--overlay (inpaint-ghost--draw))
        (when inpaint-ghost--timer (cancel-timer inpaint-ghost--timer))
        (setq inpaint-ghost--timer
              (and edited
                   (run-with-idle-timer
                    inpaint-ghost-delay nil
                    (lambda (buffer)
                      (when (buffer-live-p buffer)
                        (with-current-buffer buffer
                          (when (and inpaint-ghost-mode (equal state (inpaint-ghost--state)))
                            (inpaint-ghost-ask)))))
                    (current-buffer))))))))

(defun inpaint-ghost-accept ()
  "Put the suggestion into the buffer, as one step of undo."
  (interactive)
  (let ((rest (inpaint-ghost--rest)))
    (unless rest (user-error "inpaint: there is no suggestion"))
    (let ((end (marker-position (inpaint-ghost--get :end)))
          (command (inpaint-ghost--get :command)))
      (inpaint-ghost-hide)
      (undo-boundary)
      (delete-region (point) end)
      (insert rest)
      (undo-boundary)
      (when command (eglot-execute (eglot-current-server) command)))))

(defun inpaint-ghost-accept-word ()
  "Put the next word of the suggestion into the buffer."
  (interactive)
  (let ((rest (inpaint-ghost--rest)))
    (unless rest (user-error "inpaint: there is no suggestion"))
    (string-match "\\`[[:space:]\n]*\\(?:[[:alnum:]_]+\\|[^[:alnum:]_[:space:]\n]+\\|\\'\\)" rest)
    (let ((word (match-string 0 rest)))
      (if (equal word rest)
          (inpaint-ghost-accept)
        (insert word)
        (inpaint-ghost--draw)))))

(defun inpaint-ghost-next ()
  "Show the next alternative; ask the server for some when it has sent one only."
  (interactive)
  (if (length> inpaint-ghost--items 1)
      (progn
        (setq inpaint-ghost--index
              (mod (1+ inpaint-ghost--index) (length inpaint-ghost--items)))
        (inpaint-ghost--draw))
    (inpaint-ghost-ask t)))

(defun inpaint-ghost--when-visible (command)
  "A binding of COMMAND that is there only while a suggestion is."
  `(menu-item "" ,command
              :filter ,(lambda (command) (and (inpaint-ghost-visible-p) command))))

(defvar inpaint-ghost-mode-map
  (let ((map (make-sparse-keymap)))
    (keymap-set map "TAB" (inpaint-ghost--when-visible #'inpaint-ghost-accept))
    (keymap-set map "<tab>" (inpaint-ghost--when-visible #'inpaint-ghost-accept))
    (keymap-set map "M-f" (inpaint-ghost--when-visible #'inpaint-ghost-accept-word))
    (keymap-set map "M-n" (inpaint-ghost--when-visible #'inpaint-ghost-next))
    (keymap-set map "C-g" (inpaint-ghost--when-visible #'inpaint-ghost-hide))
    map)
  "Keys that are bound only while a suggestion is shown.")

(defun inpaint-ghost--give-way ()
  "Hide the suggestion when Emacs begins to preview a candidate."
  (when (bound-and-true-p completion-preview-active-mode)
    (inpaint-ghost-hide)))

;;;###autoload
(define-minor-mode inpaint-ghost-mode
  "Show suggestions of Eglot's server behind point while typing."
  :lighter nil
  (cond
   (inpaint-ghost-mode
    (setq inpaint-ghost--tick (inpaint-ghost--state))
    (add-hook 'post-command-hook #'inpaint-ghost--look nil t)
    (add-hook 'completion-preview-active-mode-hook #'inpaint-ghost--give-way nil t))
   (t
    (remove-hook 'post-command-hook #'inpaint-ghost--look t)
    (remove-hook 'completion-preview-active-mode-hook #'inpaint-ghost--give-way t)
    (when inpaint-ghost--timer (cancel-timer inpaint-ghost--timer))
    (setq inpaint-ghost--timer nil)
    (inpaint-ghost-hide))))

(provide 'inpaint-ghost)
;;; inpaint-ghost.el ends here
