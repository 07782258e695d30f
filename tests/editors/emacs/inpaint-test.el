;;; inpaint-test.el --- The real Emacs against the real server  -*- lexical-binding: t; -*-

;; emacs -Q --batch -L editors/emacs -l inpaint-test.el -f ert-run-tests-batch-and-exit
;;
;; What the model writes depends on the processor, so no test knows it: the buffer is compared with
;; what the server's own answer says, worked out here by other code than Eglot's.  Nothing sleeps:
;; tests wait for output of the server until a condition holds.

(require 'ert)
(require 'inpaint)

(defconst inpaint-test-patience 60 "Seconds, far above what a slow machine needs.")

(setq inpaint-program (or (getenv "INPAINT_BINARY") (error "INPAINT_BINARY is not set"))
      ;; Low confidence is not what is tested here: suggestions are wanted.
      inpaint-settings '(:gate :json-false)
      eglot-sync-connect inpaint-test-patience
      eglot-connect-timeout inpaint-test-patience
      eglot-autoshutdown nil
      make-backup-files nil
      create-lockfiles nil
      auto-save-default nil)
(when (boundp 'native-comp-jit-compilation) (setq native-comp-jit-compilation nil))

(defvar inpaint-test-answers nil
  "What the server answered, newest first: (METHOD PARAMS RESULT).")

(defun inpaint-test--record (original server method params &rest arguments)
  "Keep what ORIGINAL, a synchronous request, brings."
  (let ((result (apply original server method params arguments)))
    (push (list method params result) inpaint-test-answers)
    result))
(advice-add 'eglot--request :around #'inpaint-test--record)

(defun inpaint-test--record-async (original server method params &rest arguments)
  "Keep what ORIGINAL, an asynchronous request, brings."
  (let ((success (plist-get arguments :success-fn)))
    (apply original server method params
           (plist-put (copy-sequence arguments) :success-fn
                      (lambda (result)
                        (push (list method params result) inpaint-test-answers)
                        (funcall success result))))))
(advice-add 'jsonrpc-async-request :around #'inpaint-test--record-async)

(defun inpaint-test--wait (what condition)
  "Wait until CONDITION, a function, gives non-nil; signal WHAT when it does not."
  (let ((end (+ (float-time) inpaint-test-patience))
        value)
    (while (and (not (setq value (funcall condition)))
                (< (float-time) end))
      (accept-process-output nil 0.05))
    (or value (error "Waited in vain for %s; buffer: %S; answers: %S"
                     what (buffer-string) (seq-take inpaint-test-answers 3)))))

(defun inpaint-test--byte-offset (text position)
  "The index in TEXT of POSITION, whose unit is a UTF-16 code unit."
  (let ((at 0))
    (dotimes (_ (plist-get position :line))
      (setq at (1+ (string-search "\n" text at))))
    (let ((units (plist-get position :character)))
      (while (> units 0)
        (setq units (- units (if (> (aref text at) #xffff) 2 1))
              at (1+ at))))
    at))

(defun inpaint-test--edited (text range new)
  "TEXT with NEW in the place of RANGE."
  (concat (substring text 0 (inpaint-test--byte-offset text (plist-get range :start)))
          new
          (substring text (inpaint-test--byte-offset text (plist-get range :end)))))

(defconst inpaint-test-places
  '(("import os\n\n\ndef read_lines(path):\n    with open(path) as file:\n        ^\n\n\n\
def main():\n    print(read_lines(\"a.txt\"))\n" . "return ")
    ("class Point:\n    def __init__(self, x, y):\n        self.x = x\n        ^\n" . "self.")
    ("def total(items):\n    result = 0\n    for item in items:\n        result += item\n    ^\n"
     . "return "))
  "Text with the place of point, and what is typed there.")

(defconst inpaint-test-wide
  '(("def greet(name):\n    mood = \"Zoë 漢字 😀\"; ^\n    return mood\n" . "text = ")
    ("def greet(name):\n    print(\"Zoë 漢字 😀\", ^)\n    return name\n" . "na"))
  "Characters of two, three and four bytes before point.")

(defmacro inpaint-test--in-project (&rest body)
  "Run BODY in a folder of its own, without servers and buffers left behind."
  (declare (indent 0))
  `(let* ((folder (make-temp-file "inpaint" t))
          (default-directory (file-name-as-directory folder)))
     (setq inpaint-test-answers nil)
     (unwind-protect
         (progn ,@body)
       (eglot-shutdown-all)
       (dolist (buffer (buffer-list))
         (when (string-prefix-p folder (or (buffer-file-name buffer) ""))
           (with-current-buffer buffer (set-buffer-modified-p nil))
           (kill-buffer buffer)))
       (delete-directory folder t))))

(defun inpaint-test--open (name text)
  "Visit a new file NAME that holds TEXT, with point where it has ^."
  (let ((coding-system-for-write 'utf-8-unix))
    (with-temp-file name (insert (string-replace "^" "" text))))
  (switch-to-buffer (find-file-noselect name))
  (goto-char (1+ (or (string-search "^" text) 0)))
  (unless inpaint-mode (inpaint-mode 1)))

(defun inpaint-test--type (text)
  "Type TEXT as keys that insert themselves."
  (dolist (key (string-to-list text))
    (let ((last-command-event key))
      (call-interactively #'self-insert-command)
      (run-hooks 'post-command-hook))))

(defun inpaint-test--items (method)
  "The items of the newest answer to METHOD."
  (when-let* ((answer (assq method inpaint-test-answers))
              (result (nth 2 answer)))
    (append (if (vectorp result) result (plist-get result :items)) nil)))

(defun inpaint-test--complete (places)
  "Type at PLACES until `completion-at-point' inserts something.
Returns the text before and the item of the server."
  (catch 'done
    (dolist (place places)
      (inpaint-test--open (format "place%d.py" (random 1000000)) (car place))
      (inpaint-test--type (cdr place))
      (let ((before (buffer-string))
            (tries 0))
        ;; The first answers may come before the model is loaded, and are empty then.
        (while (and (< (cl-incf tries) 15)
                    (equal before (buffer-string))
                    (not (and (> tries 5) (inpaint-test--loaded-p))))
          (completion-at-point)
          (accept-process-output nil 0.2))
        (unless (equal before (buffer-string))
          (throw 'done (list before (car (inpaint-test--items :textDocument/completion)))))))
    (error "Nothing was suggested: %S" inpaint-test-answers)))

(defun inpaint-test--loaded-p ()
  "Whether the server has given a suggestion anywhere."
  (cl-some (lambda (answer)
             (and (eq (car answer) :textDocument/completion)
                  (> (length (plist-get (nth 2 answer) :items)) 0)))
           inpaint-test-answers))

(defun inpaint-test--completed-is-what-the-server-said (places)
  "Complete at PLACES and compare the buffer with the item's edit."
  (pcase-let* ((`(,before ,item) (inpaint-test--complete places))
               (edit (plist-get item :textEdit)))
    (should edit)
    (should-not (string-search "\n" (plist-get item :label)))
    (should (equal (buffer-string)
                   (inpaint-test--edited before
                                         (or (plist-get edit :range) (plist-get edit :replace))
                                         (plist-get edit :newText))))))

(ert-deftest inpaint-connects ()
  (inpaint-test--in-project
    (inpaint-test--open "a.py" "x = 1\n")
    (should (inpaint--managed-p))
    (should (equal (plist-get (eglot--server-info (eglot-current-server)) :name) "inpaint"))
    (should (eglot-server-capable :completionProvider))
    (should (eglot-server-capable :inlineCompletionProvider))
    (should (equal (eglot--languageId) "python"))))

;; Packages of their own bring these modes.
(define-derived-mode kotlin-mode prog-mode "Kotlin")
(unless (fboundp 'php-mode) (define-derived-mode php-mode prog-mode "PHP"))

(ert-deftest inpaint-connects-in-languages-without-a-grammar ()
  (pcase-dolist (`(,name ,mode ,language)
                 '(("a.cs" csharp-mode "csharp") ("a.php" php-mode "php")
                   ("a.rb" ruby-mode "ruby") ("a.kt" kotlin-mode "kotlin")
                   ("a.sh" sh-mode "shellscript")))
    (inpaint-test--in-project
      (let ((auto-mode-alist (cons (cons (regexp-quote name) mode) auto-mode-alist)))
        (inpaint-test--open name "x = 1\n"))
      (should (inpaint--managed-p))
      (should (equal (eglot--languageId) language)))))

(ert-deftest inpaint-mode-off-ends-the-server ()
  (inpaint-test--in-project
    (inpaint-test--open "a.py" "x = 1\n")
    (let ((process (jsonrpc--process (eglot-current-server))))
      (inpaint-mode -1)
      (inpaint-test--wait "the server's end" (lambda () (not (process-live-p process))))
      (should-not (inpaint--managed-p))
      (should-not (local-variable-p 'eglot-server-programs)))))

(ert-deftest inpaint-completes-at-point ()
  (inpaint-test--in-project
    (inpaint-test--completed-is-what-the-server-said inpaint-test-places)))

(ert-deftest inpaint-completes-behind-wide-characters ()
  (inpaint-test--in-project
    (inpaint-test--completed-is-what-the-server-said inpaint-test-wide)))

(ert-deftest inpaint-program-that-is-missing ()
  (inpaint-test--in-project
    (let ((inpaint-program "inpaint-that-is-not-there"))
      (should (string-search "inpaint-that-is-not-there"
                             (cadr (should-error (inpaint-test--open "a.py" "x = 1\n")
                                                 :type 'user-error))))
      (should-not inpaint-mode))))

(ert-deftest inpaint-mode-that-is-not-completed ()
  (inpaint-test--in-project
    (should (string-search "inpaint-modes"
                           (cadr (should-error (inpaint-test--open "a.txt" "x\n")
                                               :type 'user-error))))))

(ert-deftest inpaint-server-that-is-killed ()
  (inpaint-test--in-project
    (inpaint-test--open "a.py" "x = 1\n")
    (let ((process (jsonrpc--process (eglot-current-server))))
      (signal-process process 'SIGKILL)
      (inpaint-test--wait "the server's end" (lambda () (not (process-live-p process))))
      (inpaint-test--wait "Eglot to notice" (lambda () (not (inpaint--managed-p))))
      (inpaint-test--type "y")
      (should (equal (buffer-string) "yx = 1\n"))
      (should-not inpaint-ghost-mode)
      (inpaint-mode -1)
      (inpaint-mode 1)
      (should (inpaint--managed-p)))))

(ert-deftest inpaint-why-tells-the-reason ()
  (inpaint-test--in-project
    (let ((inpaint-settings '(:languagesOff ["python"])))
      (inpaint-test--open "a.py" "x = 1^\n")
      (inpaint-test--type " + ")
      (inpaint-ghost-ask)
      (inpaint-test--wait "the status" (lambda () (inpaint--nothing (eglot-current-server))))
      (should (string-search "the language is switched off: python"
                             (get-text-property 1 'help-echo (inpaint--mode-line))))
      (inpaint-why)
      (with-current-buffer "*inpaint why*"
        (should (string-match-p "a\\.py:1, ghost text.*: the language is switched off: python\n\
    take it out of inpaint\\.languagesOff" (buffer-string)))))))

;;; Ghost text of the real server

(defun inpaint-test--ghost ()
  "The ghost text behind point, or nil."
  (when (inpaint-ghost-visible-p)
    (substring-no-properties (overlay-get inpaint-ghost--overlay 'before-string))))

(defun inpaint-test--ghost-at (places)
  "Type at PLACES until there is ghost text; return the text before and the item."
  (catch 'done
    (dolist (place places)
      (inpaint-test--open (format "place%d.py" (random 1000000)) (car place))
      (inpaint-test--type (cdr place))
      (should (timerp inpaint-ghost--timer))
      ;; Batch Emacs is never idle, so its timers for idleness are called by hand.
      (timer-event-handler inpaint-ghost--timer)
      (let ((asked (length inpaint-test-answers)))
        (inpaint-test--wait "an answer" (lambda () (> (length inpaint-test-answers) asked))))
      (when (inpaint-test--ghost)
        (throw 'done (list (buffer-string)
                           (car (inpaint-test--items :textDocument/inlineCompletion))))))
    (error "Nothing was suggested: %S" inpaint-test-answers)))

(defun inpaint-test--accepted (before item)
  "BEFORE with ITEM accepted."
  (inpaint-test--edited before (plist-get item :range) (plist-get item :insertText)))

(ert-deftest inpaint-ghost-is-accepted-as-the-server-sent-it ()
  (inpaint-test--in-project
    (pcase-let ((`(,before ,item) (inpaint-test--ghost-at inpaint-test-places)))
      (should (eq (key-binding (kbd "TAB")) #'inpaint-ghost-accept))
      (should (string-suffix-p (inpaint-test--ghost) (plist-get item :insertText)))
      (buffer-enable-undo)
      (call-interactively (key-binding (kbd "TAB")))
      (should (equal (buffer-string) (inpaint-test--accepted before item)))
      (should-not (inpaint-test--ghost))
      (should-not (eq (key-binding (kbd "TAB")) #'inpaint-ghost-accept))
      ;; One step of undo.
      (undo-boundary)
      (undo)
      (should (equal (buffer-string) before)))))

(ert-deftest inpaint-ghost-behind-wide-characters ()
  (inpaint-test--in-project
    (pcase-let ((`(,before ,item) (inpaint-test--ghost-at inpaint-test-wide)))
      (inpaint-ghost-accept)
      (should (equal (buffer-string) (inpaint-test--accepted before item))))))

(ert-deftest inpaint-ghost-that-is-typed-over ()
  (inpaint-test--in-project
    (pcase-let* ((`(,before ,item) (inpaint-test--ghost-at inpaint-test-places))
                 (ghost (inpaint-test--ghost)))
      (inpaint-test--type (substring ghost 0 1))
      (when (> (length ghost) 1)
        (should (equal (inpaint-test--ghost) (substring ghost 1)))
        (inpaint-ghost-accept))
      (should (equal (buffer-string) (inpaint-test--accepted before item))))))

(ert-deftest inpaint-ghost-that-is-contradicted ()
  (inpaint-test--in-project
    (inpaint-test--ghost-at inpaint-test-places)
    (inpaint-test--type (if (string-prefix-p "q" (inpaint-test--ghost)) "z" "q"))
    (should-not (inpaint-test--ghost))
    (should-error (inpaint-ghost-accept) :type 'user-error)))

(ert-deftest inpaint-ghost-word-by-word ()
  (inpaint-test--in-project
    (pcase-let ((`(,before ,item) (inpaint-test--ghost-at inpaint-test-places))
                (words 0))
      (while (and (inpaint-test--ghost) (< (cl-incf words) 200))
        (inpaint-ghost-accept-word))
      (should (equal (buffer-string) (inpaint-test--accepted before item))))))

;;; Answers that no model can be made to give: see scripted_server.py

(defmacro inpaint-test--with-answers (answers &rest body)
  "Run BODY in a project whose server gives ANSWERS, results of inline completion."
  (declare (indent 1))
  `(inpaint-test--in-project
     (let ((inpaint-program (expand-file-name "scripted"))
           (script (expand-file-name "../scripted_server.py" inpaint-test-folder)))
       (with-temp-file "answers.json"
         (insert (json-serialize
                  (list :inline (vconcat (mapcar (lambda (answer) (list :result answer))
                                                 ,answers)))
                  :null-object nil)))
       (with-temp-file inpaint-program
         (insert "#!/bin/sh\nexec python3 " (shell-quote-argument script) " "
                 (shell-quote-argument (expand-file-name "answers.json")) "\n"))
       (set-file-modes inpaint-program #o755)
       ,@body)))

(defconst inpaint-test-folder
  (file-name-directory (or load-file-name buffer-file-name)))

(defun inpaint-test--item (from to text)
  "An item that puts TEXT in the place of characters FROM to TO of the line."
  `(:insertText ,text
    :range (:start (:line "$line" :character ,from) :end (:line "$line" :character ,to))))

(ert-deftest inpaint-ghost-scripted ()
  (dolist (case
           ;; Text with point, what is typed, the item, the ghost text, the text in the end.
           `(("int f(int a) {\n  ^\n}\n" "if (a) "
              ,(inpaint-test--item 9 9 "{\n    return 1;\n  } else {\n    return 2;\n  }")
              "{\n    return 1;\n  } else {\n    return 2;\n  }"
              "int f(int a) {\n  if (a) {\n    return 1;\n  } else {\n    return 2;\n  }\n}\n")
             ("int x = f(^);\n" "a" ,(inpaint-test--item 9 12 "(a, b)") ", b)"
              "int x = f(a, b);\n")
             ("int main() { ^\n}\n" "ret" ,(inpaint-test--item 13 16 "return 0;") "urn 0;"
              "int main() { return 0;\n}\n")
             ("char* s = \"😀é\"; ^ /* 漢😀 */\n" "x" ,(inpaint-test--item 17 18 "x = 1;") " = 1;"
              "char* s = \"😀é\"; x = 1; /* 漢😀 */\n")))
    (pcase-let ((`(,text ,typed ,item ,ghost ,result) case))
      (inpaint-test--with-answers (list (list :items (vector item)))
        (inpaint-test--ghost-at (list (cons text typed)))
        (should (equal (inpaint-test--ghost) ghost))
        (inpaint-ghost-accept)
        (should (equal (buffer-string) result))
        ;; Point stands behind what was inserted.
        (should (looking-back (regexp-quote ghost) (point-min)))))))

(ert-deftest inpaint-ghost-alternatives-go-round ()
  (let ((one (inpaint-test--item 1 1 "one"))
        (two (inpaint-test--item 1 1 "two")))
    (inpaint-test--with-answers (list (list :items (vector one)) (list :items (vector one two)))
      (inpaint-test--ghost-at '(("^\n" . "x")))
      (should (equal (inpaint-test--ghost) "one"))
      (inpaint-ghost-next)              ; asks, since there is but one
      (inpaint-test--wait "two" (lambda () (equal (inpaint-test--ghost) "two")))
      (inpaint-ghost-next)
      (should (equal (inpaint-test--ghost) "one"))
      (inpaint-ghost-next)
      (inpaint-ghost-accept)
      (should (equal (buffer-string) "xtwo\n")))))

(ert-deftest inpaint-ghost-in-a-file-with-crlf ()
  (inpaint-test--with-answers
      (list (list :items (vector (inpaint-test--item 6 6 "2;\nint z;"))))
    (let ((coding-system-for-write 'utf-8-dos))
      (with-temp-file "dos.c" (insert "// é\n  y = \n")))
    (switch-to-buffer (find-file-noselect "dos.c"))
    (should (eq (coding-system-eol-type buffer-file-coding-system) 1))
    (inpaint-mode 1)
    (goto-char (point-min))
    (forward-line 1)
    (end-of-line)
    (inpaint-ghost-ask)
    (inpaint-test--wait "ghost text" #'inpaint-test--ghost)
    (inpaint-ghost-accept)
    (save-buffer)
    (should (equal (with-temp-buffer
                     (set-buffer-multibyte nil)
                     (insert-file-contents-literally "dos.c")
                     (buffer-string))
                   (encode-coding-string "// é\r\n  y = 2;\r\nint z;\r\n" 'utf-8)))))

(ert-deftest inpaint-register-puts-it-first ()
  (require 'js)                         ; says which mode is derived from which
  (let ((eglot-server-programs eglot-server-programs))
    (inpaint-register)
    (dolist (entry '((python-mode . "python") (c++-ts-mode . "cpp") (js-mode . "javascript")
                     (tsx-ts-mode . "typescriptreact")))
      (pcase-let ((`(,languages . ,contact) (eglot--lookup-mode (car entry))))
        (should (eq contact #'inpaint-contact))
        (should (equal (cdr (cl-find-if (lambda (mode)
                                          (provided-mode-derived-p (car entry) (car mode)))
                                        languages))
                       (cdr entry)))))))

(ert-deftest inpaint-model-is-a-name-or-a-path ()
  (let ((default-directory "/w/"))
    (dolist (entry `((nil) ("mini" "--model" "mini") ("/m/a.gguf" "--model" "/m/a.gguf")
                     ("~/m" "--model" ,(expand-file-name "~/m")) ("./m" "--model" "/w/m")))
      (let ((inpaint-model (car entry)))
        (should (equal (nthcdr 4 (inpaint-contact)) (cdr entry)))))))

(ert-deftest inpaint-ghost-gives-way-to-the-preview-of-emacs ()
  (require 'completion-preview)
  (inpaint-test--with-answers (list (list :items (vector (inpaint-test--item 1 1 "yz"))))
    (inpaint-test--ghost-at '(("^\n" . "x")))
    (should (equal (inpaint-test--ghost) "yz"))
    (completion-preview-active-mode 1)
    (should-not (inpaint-test--ghost))
    (inpaint-ghost-ask)
    (let ((asked (length inpaint-test-answers)))
      (inpaint-test--wait "an answer" (lambda () (> (length inpaint-test-answers) asked))))
    (should-not (inpaint-test--ghost))
    (completion-preview-active-mode -1)))

;; Bodies that nothing stands in.  Where the model finds nothing, the next is tried.
(defconst inpaint-test-bodies
  '("class Circle:\n    def __init__(self, radius):\n        self.radius = radius\n\n\
    def diameter(self):\n        pa^ss\n"
    "def total(items):\n    result = 0\n    for item in items:\n        result += item\n\
    return result\n\n\ndef count(items):\n    pa^ss\n"
    "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    pa^ss\n"))

(ert-deftest inpaint-a-code-action-fills-a-body ()
  (inpaint-test--in-project
    (should
     (catch 'done
       (let ((eglot-confirm-server-edits nil))
         (dolist (place inpaint-test-bodies)
           (inpaint-test--open (format "body%d.py" (random 1000000)) place)
           (let* ((before (buffer-string))
                  (action (seq-find
                           (lambda (one) (equal (plist-get one :title) "Inpaint: fill this body"))
                           (eglot-code-actions (point) (point) "refactor.rewrite"))))
             (should action)
             (eglot-execute (eglot-current-server) action)
             (let* ((resolved (nth 2 (assq :codeAction/resolve inpaint-test-answers)))
                    (change (aref (plist-get (plist-get resolved :edit) :documentChanges) 0))
                    (edits (plist-get change :edits)))
               (when (> (length edits) 0)
                 (should (equal (length edits) 1))
                 (should (equal (buffer-string)
                                (inpaint-test--edited before (plist-get (aref edits 0) :range)
                                                      (plist-get (aref edits 0) :newText))))
                 (throw 'done t))))))))))

(message "Emacs %s" emacs-version)

;;; inpaint-test.el ends here
