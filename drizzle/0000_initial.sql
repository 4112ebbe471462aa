CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`via` text NOT NULL,
	`action` text NOT NULL,
	`target` text NOT NULL,
	`details` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_log_at` ON `audit_log` (`at`);--> statement-breakpoint
CREATE TABLE `check_runs` (
	`project_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`head_sha` text NOT NULL,
	`generation` integer NOT NULL,
	`external_id` text NOT NULL,
	`is_completed` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `pr_number`, `head_sha`, `generation`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `commands` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`verb` text NOT NULL,
	`actor` text NOT NULL,
	`comment_url` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `commands_pull_request` ON `commands` (`project_id`,`pr_number`);--> statement-breakpoint
CREATE TABLE `seen_comments` (
	`node_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`body` text NOT NULL,
	`was_edited` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `seen_comments_pull_request` ON `seen_comments` (`project_id`,`pr_number`);--> statement-breakpoint
CREATE TABLE `change_log` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`project_id` text NOT NULL,
	`pr_number` integer,
	`session_id` text,
	`type` text NOT NULL,
	`payload` text NOT NULL,
	`created_at` integer NOT NULL,
	`once_key` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `change_log_once` ON `change_log` (`once_key`);--> statement-breakpoint
CREATE INDEX `change_log_session` ON `change_log` (`session_id`,`seq`);--> statement-breakpoint
CREATE TABLE `change_log_floor` (
	`id` integer PRIMARY KEY NOT NULL,
	`floor` integer NOT NULL,
	CONSTRAINT "change_log_floor_single" CHECK("change_log_floor"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE `effects` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`target` text NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`version` integer NOT NULL,
	`state` text NOT NULL,
	`remote_id` text,
	`may_exist` integer NOT NULL,
	`is_final` integer NOT NULL,
	`attempts` integer NOT NULL,
	`run_at` integer NOT NULL,
	`last_error` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `effects_key` ON `effects` (`key`);--> statement-breakpoint
CREATE INDEX `effects_target` ON `effects` (`target`,`id`) WHERE state IN ('pending', 'sending');--> statement-breakpoint
CREATE INDEX `effects_due` ON `effects` (`run_at`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `effects_dead` ON `effects` (`id`) WHERE state = 'dead';--> statement-breakpoint
CREATE TABLE `guards` (
	`ok` integer NOT NULL,
	CONSTRAINT "guard_holds" CHECK("guards"."ok" = 1)
);
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`actor` text NOT NULL,
	`key` text NOT NULL,
	`method` text NOT NULL,
	`path` text NOT NULL,
	`body_sha256` text NOT NULL,
	`status` integer,
	`reply` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`actor`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_age` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `inbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`delivery_id` text NOT NULL,
	`event` text NOT NULL,
	`action` text,
	`installation_id` integer,
	`repository_id` integer,
	`body` text NOT NULL,
	`body_sha256` text NOT NULL,
	`received_at` integer NOT NULL,
	`status` text NOT NULL,
	`attempts` integer NOT NULL,
	`reason` text,
	`not_before` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_delivery` ON `inbox` (`delivery_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_body` ON `inbox` (`event`,`body_sha256`) WHERE event IN ('issue_comment', 'issues', 'pull_request_review', 'pull_request_review_comment');--> statement-breakpoint
CREATE INDEX `inbox_presses` ON `inbox` (`body_sha256`,`received_at`) WHERE event = 'check_run' AND action = 'requested_action';--> statement-breakpoint
CREATE INDEX `inbox_pending` ON `inbox` (`not_before`) WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX `inbox_status` ON `inbox` (`status`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`idem` text NOT NULL,
	`lane` text NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`run_at` integer NOT NULL,
	`attempts` integer NOT NULL,
	`last_error` text,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`lane`) REFERENCES `lanes`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_idem` ON `jobs` (`idem`);--> statement-breakpoint
CREATE INDEX `jobs_pending` ON `jobs` (`lane`,`id`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`lane`,`run_at`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `jobs_dead` ON `jobs` (`id`) WHERE state = 'dead';--> statement-breakpoint
CREATE TABLE `lanes` (
	`key` text PRIMARY KEY NOT NULL,
	`fence` integer NOT NULL,
	`owner` text,
	`lease_until` integer NOT NULL,
	`next_run_at` integer
);
--> statement-breakpoint
CREATE INDEX `lanes_due` ON `lanes` (`next_run_at`) WHERE next_run_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `checks` (
	`project_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`id` text NOT NULL,
	`head_sha` text NOT NULL,
	`source` text NOT NULL,
	`name` text NOT NULL,
	`app_id` integer,
	`app_slug` text,
	`database_id` integer,
	`status` text NOT NULL,
	`conclusion` text,
	`summary` text NOT NULL,
	`url` text,
	`started_at` integer,
	`completed_at` integer,
	`observed_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `pr_number`, `id`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `mirrors` (
	`project_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`mergeability` text NOT NULL,
	`review_decision` text,
	`is_in_merge_queue` integer NOT NULL,
	`has_auto_merge` integer NOT NULL,
	`is_stacked` integer NOT NULL,
	`head_sha` text NOT NULL,
	`head_seen_at` integer NOT NULL,
	`checks_changed_at` integer,
	`threads` text NOT NULL,
	`reviews` text NOT NULL,
	`checks` text NOT NULL,
	`fingerprint` text,
	`read_at` integer NOT NULL,
	`fully_read_at` integer,
	PRIMARY KEY(`project_id`, `pr_number`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `nudges` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`session_id` text NOT NULL,
	`kind` text NOT NULL,
	`item` text NOT NULL,
	`signature` text NOT NULL,
	`status` text NOT NULL,
	`text` text NOT NULL,
	`thread_ids` text NOT NULL,
	`pipeline_id` text,
	`created_at` integer NOT NULL,
	`sent_at` integer,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `nudges_pull_request` ON `nudges` (`project_id`,`pr_number`);--> statement-breakpoint
CREATE INDEX `nudges_status` ON `nudges` (`session_id`,`status`);--> statement-breakpoint
CREATE UNIQUE INDEX `nudges_once` ON `nudges` (`session_id`,`kind`,`item`,`signature`);--> statement-breakpoint
CREATE TABLE `review_comments` (
	`project_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`id` text NOT NULL,
	`thread_id` text NOT NULL,
	`author` text,
	`author_is_bot` integer NOT NULL,
	`body` text NOT NULL,
	`url` text NOT NULL,
	`is_minimized` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`edited_at` integer,
	`observed_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `pr_number`, `id`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `review_comments_thread` ON `review_comments` (`project_id`,`pr_number`,`thread_id`);--> statement-breakpoint
CREATE TABLE `review_threads` (
	`project_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`id` text NOT NULL,
	`path` text NOT NULL,
	`line` integer,
	`start_line` integer,
	`is_resolved` integer NOT NULL,
	`is_outdated` integer NOT NULL,
	`resolved_by` text,
	`observed_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `pr_number`, `id`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `reviews` (
	`project_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`id` text NOT NULL,
	`author` text,
	`author_is_bot` integer NOT NULL,
	`state` text NOT NULL,
	`body` text NOT NULL,
	`url` text NOT NULL,
	`commit_sha` text,
	`submitted_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`edited_at` integer,
	`observed_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `pr_number`, `id`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `watermarks` (
	`name` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `contract_tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`pipeline_id` text NOT NULL,
	`session_id` text NOT NULL,
	`task_id` text NOT NULL,
	`position` integer NOT NULL,
	`title` text NOT NULL,
	`acceptance` text NOT NULL,
	`depends_on` text,
	`status` text NOT NULL,
	`note` text NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contract_tasks_task` ON `contract_tasks` (`pipeline_id`,`task_id`);--> statement-breakpoint
CREATE TABLE `contracts` (
	`pipeline_id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`project_id` text NOT NULL,
	`phase` text NOT NULL,
	`path` text NOT NULL,
	`digest` text NOT NULL,
	`head` text NOT NULL,
	`populated_at` integer NOT NULL,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `overseers` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`pipeline_id` text NOT NULL,
	`phase_run_id` text NOT NULL,
	`run_epoch` integer NOT NULL,
	`status` text NOT NULL,
	`raised` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`phase_run_id`) REFERENCES `phase_runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `overseers_pipeline` ON `overseers` (`pipeline_id`);--> statement-breakpoint
CREATE INDEX `overseers_status` ON `overseers` (`status`);--> statement-breakpoint
CREATE TABLE `proposals` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`pipeline_id` text NOT NULL,
	`phase_run_id` text NOT NULL,
	`attempt_id` text NOT NULL,
	`round` integer NOT NULL,
	`run_epoch` integer NOT NULL,
	`commit` text NOT NULL,
	`base` text NOT NULL,
	`commits` text NOT NULL,
	`paths` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`phase_run_id`) REFERENCES `phase_runs`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `proposals_epoch` ON `proposals` (`pipeline_id`,`run_epoch`);--> statement-breakpoint
CREATE INDEX `proposals_phase_run` ON `proposals` (`phase_run_id`);--> statement-breakpoint
CREATE TABLE `verdicts` (
	`id` text PRIMARY KEY NOT NULL,
	`proposal_id` text NOT NULL,
	`session_id` text NOT NULL,
	`pipeline_id` text NOT NULL,
	`reviewer` text NOT NULL,
	`status` text NOT NULL,
	`reasons` text NOT NULL,
	`failures` integer NOT NULL,
	`decided_at` integer,
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `verdicts_reviewer` ON `verdicts` (`proposal_id`,`reviewer`);--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`repository_id` integer NOT NULL,
	`installation_id` integer NOT NULL,
	`owner` text NOT NULL,
	`name` text NOT NULL,
	`is_private` integer NOT NULL,
	`default_branch` text NOT NULL,
	`next_session_no` integer NOT NULL,
	`config` text,
	`config_faults` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `projects_repository` ON `projects` (`repository_id`);--> statement-breakpoint
CREATE TABLE `pull_requests` (
	`project_id` text NOT NULL,
	`number` integer NOT NULL,
	`node_id` text NOT NULL,
	`title` text NOT NULL,
	`url` text NOT NULL,
	`author` text NOT NULL,
	`author_is_bot` integer NOT NULL,
	`state` text NOT NULL,
	`is_draft` integer NOT NULL,
	`head_ref` text NOT NULL,
	`head_sha` text NOT NULL,
	`head_repository_id` integer,
	`base_ref` text NOT NULL,
	`base_sha` text NOT NULL,
	`session_id` text,
	`observed_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `number`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `pull_requests_head` ON `pull_requests` (`project_id`,`head_ref`);--> statement-breakpoint
CREATE UNIQUE INDEX `pull_requests_session` ON `pull_requests` (`session_id`) WHERE session_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`no` integer NOT NULL,
	`state` text NOT NULL,
	`pr_number` integer NOT NULL,
	`branch` text NOT NULL,
	`base_ref` text NOT NULL,
	`agent` text NOT NULL,
	`started_by` text NOT NULL,
	`runner_id` text NOT NULL,
	`last_synced_sha` text,
	`last_pushed_sha` text,
	`remote_moved` text,
	`reviewers_due` text NOT NULL,
	`person_acted_at` integer,
	`ending` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_number` ON `sessions` (`project_id`,`no`);--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_one_live` ON `sessions` (`project_id`,`pr_number`) WHERE state IN ('spawning', 'live');--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_one_branch` ON `sessions` (`project_id`,`branch`) WHERE state IN ('spawning', 'live');--> statement-breakpoint
CREATE TABLE `alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`project_id` text NOT NULL,
	`session_id` text,
	`pipeline_id` text,
	`details` text NOT NULL,
	`raised_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`phase_run_id` text NOT NULL,
	`pipeline_id` text NOT NULL,
	`session_id` text NOT NULL,
	`run_epoch` integer NOT NULL,
	`role` text NOT NULL,
	`agent` text NOT NULL,
	`proposal_id` text,
	`status` text NOT NULL,
	`pid` integer,
	`exit` text,
	`lease_until` integer NOT NULL,
	`active_at` integer NOT NULL,
	`question` text,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`phase_run_id`) REFERENCES `phase_runs`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `attempts_phase_run` ON `attempts` (`phase_run_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_one_producer` ON `attempts` (`session_id`) WHERE status IN ('starting', 'running') AND role = 'producer';--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_one_review` ON `attempts` (`proposal_id`,`agent`) WHERE status IN ('starting', 'running') AND role = 'reviewer';--> statement-breakpoint
CREATE INDEX `attempts_lease` ON `attempts` (`lease_until`) WHERE status IN ('starting', 'running');--> statement-breakpoint
CREATE TABLE `decisions` (
	`id` text NOT NULL,
	`project_id` text NOT NULL,
	`session_id` text NOT NULL,
	`pipeline_id` text NOT NULL,
	`pr_number` integer NOT NULL,
	`phase` text NOT NULL,
	`kind` text NOT NULL,
	`concerns` text NOT NULL,
	`context` text NOT NULL,
	`options` text NOT NULL,
	`details` text NOT NULL,
	`head_sha` text NOT NULL,
	`run_epoch` integer NOT NULL,
	`status` text NOT NULL,
	`answer` text,
	`answered_by` text,
	`answered_via` text,
	`answered_at` integer,
	`acted_at` integer,
	`cancel_reason` text,
	`successor_id` text,
	`reminders` integer NOT NULL,
	`root_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `id`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `decisions_pipeline` ON `decisions` (`pipeline_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `decisions_one_pending` ON `decisions` (`session_id`) WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX `decisions_holding` ON `decisions` (`session_id`) WHERE status = 'pending' OR (status = 'resolved' AND acted_at IS NULL);--> statement-breakpoint
CREATE TABLE `phase_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`pipeline_id` text NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`status` text NOT NULL,
	`restarts` integer NOT NULL,
	`rounds` integer NOT NULL,
	`briefings` text NOT NULL,
	`result` text,
	`left_out` text NOT NULL,
	`failure` text,
	`started_at` integer,
	`ended_at` integer,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `phase_runs_position` ON `phase_runs` (`pipeline_id`,`position`);--> statement-breakpoint
CREATE TABLE `pipelines` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`project_id` text NOT NULL,
	`no` integer NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`current_phase` text NOT NULL,
	`run_epoch` integer NOT NULL,
	`config` text NOT NULL,
	`prompt` text,
	`failure` text,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pipelines_number` ON `pipelines` (`session_id`,`no`);--> statement-breakpoint
CREATE UNIQUE INDEX `pipelines_one_active` ON `pipelines` (`session_id`) WHERE status IN ('pending', 'running', 'awaiting_human');--> statement-breakpoint
CREATE TABLE `backups` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`project_id` text NOT NULL,
	`operation_id` text NOT NULL,
	`reason` text NOT NULL,
	`prefix` text NOT NULL,
	`head` text NOT NULL,
	`index` text NOT NULL,
	`worktree` text NOT NULL,
	`push` text NOT NULL,
	`push_refusal` text,
	`files_push` text,
	`rescue_branch` text,
	`dirty_rescue_branch` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `backups_session` ON `backups` (`session_id`);--> statement-breakpoint
CREATE TABLE `sync_operations` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`project_id` text NOT NULL,
	`pipeline_id` text,
	`phase` text,
	`trigger` text NOT NULL,
	`branch` text NOT NULL,
	`state` text NOT NULL,
	`purpose` text NOT NULL,
	`case` text,
	`facts` text,
	`plan` text NOT NULL,
	`local_ahead` integer,
	`remote_ahead` integer,
	`before` text,
	`after` text,
	`duration_ms` integer,
	`resumes` text,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sync_operations_session` ON `sync_operations` (`session_id`);--> statement-breakpoint
CREATE INDEX `sync_operations_unfinished` ON `sync_operations` (`session_id`) WHERE state IN ('planned', 'running');--> statement-breakpoint
CREATE TABLE `sync_steps` (
	`operation_id` text NOT NULL,
	`position` integer NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`outcome` text,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`operation_id`, `position`),
	FOREIGN KEY (`operation_id`) REFERENCES `sync_operations`(`id`) ON UPDATE no action ON DELETE no action
);
