{{- define "crosswalk.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "crosswalk.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "crosswalk.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "crosswalk.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "crosswalk.selectorLabels" -}}
app.kubernetes.io/name: {{ include "crosswalk.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "crosswalk.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "crosswalk.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "crosswalk.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "crosswalk.isEmbedded" -}}
{{- if hasPrefix "sqlite:" .Values.config.database }}true{{ end }}
{{- end }}

{{- /* What would lose data or grants: several pods on one file, a file that goes with its pod. */ -}}
{{- define "crosswalk.check" -}}
{{- if include "crosswalk.isEmbedded" . }}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) }}
{{- fail "SQLite serves one pod: set replicaCount to 1 and autoscaling.enabled to false, or config.database to PostgreSQL" }}
{{- end }}
{{- if not .Values.persistence.enabled }}
{{- fail "SQLite without persistence loses everything with its pod: set persistence.enabled to true" }}
{{- end }}
{{- end }}
{{- $least := add .Values.preStopSeconds (dig "listen" "drainSeconds" 0 .Values.config) 10 }}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int $least) }}
{{- fail (printf "terminationGracePeriodSeconds must be at least %d: preStopSeconds, config.listen.drainSeconds and 10 for running requests" $least) }}
{{- end }}
{{- end }}
