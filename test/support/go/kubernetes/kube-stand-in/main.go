// The part of a Kubernetes API server that kubectl needs to create objects, and to see and enter pods. Objects are
// decoded strictly, as a server does with fieldValidation=Strict. Pods run at once, and what is executed in one runs on
// this machine; the streams are those of the kubelet.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
)

type server struct {
	mutex   sync.Mutex
	objects map[string]object
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	s := &server{objects: map[string]object{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"major": "1", "minor": "36", "gitVersion": "v1.36.3"})
	})
	mux.HandleFunc("GET /openapi/v2", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
	})
	addDiscovery(mux)
	for _, prefix := range []string{"/api/v1", "/apis/apps/v1"} {
		mux.HandleFunc("POST "+prefix+"/namespaces/{namespace}/{resource}", s.create)
		mux.HandleFunc("GET "+prefix+"/namespaces/{namespace}/{resource}", s.list)
		mux.HandleFunc("GET "+prefix+"/namespaces/{namespace}/{resource}/{name}", s.get)
		mux.HandleFunc("POST "+prefix+"/namespaces/{namespace}/{resource}/{name}/exec", s.exec)
	}
	fmt.Println(listener.Addr())
	_ = http.Serve(listener, mux)
}

func (s *server) create(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, metav1.StatusReasonBadRequest, err.Error())
		return
	}
	created, err := decode(data, r.PathValue("namespace"), r.PathValue("resource"))
	if err != nil {
		refuse(w, http.StatusBadRequest, metav1.StatusReasonBadRequest, err.Error())
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, each := range append(podsOf(created), created) {
		s.objects[each.key()] = each
	}
	answer(w, http.StatusCreated, created.value)
}

func (s *server) get(w http.ResponseWriter, r *http.Request) {
	found, ok := s.find(r)
	if !ok {
		missing := fmt.Sprintf("%s %q not found", r.PathValue("resource"), r.PathValue("name"))
		refuse(w, http.StatusNotFound, metav1.StatusReasonNotFound, missing)
		return
	}
	answer(w, http.StatusOK, found.value)
}

func (s *server) find(r *http.Request) (object, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	key := strings.Join([]string{r.PathValue("resource"), r.PathValue("namespace"), r.PathValue("name")}, "/")
	found, ok := s.objects[key]
	return found, ok
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	items := []any{}
	for _, each := range s.objects {
		if each.resource == r.PathValue("resource") && each.namespace == r.PathValue("namespace") && each.selected(r) {
			items = append(items, each.value)
		}
	}
	answer(w, http.StatusOK, map[string]any{
		"kind": "List", "apiVersion": "v1", "metadata": map[string]string{"resourceVersion": "1"}, "items": items,
	})
}

func (s *server) exec(w http.ResponseWriter, r *http.Request) {
	found, ok := s.find(r)
	container := r.FormValue("container")
	if !ok || !found.hasContainer(container) {
		message := fmt.Sprintf("container %q is not valid for pod %s", container, r.PathValue("name"))
		refuse(w, http.StatusBadRequest, metav1.StatusReasonBadRequest, message)
		return
	}
	asked := func(name string) bool { return r.FormValue(name) == "true" || r.FormValue(name) == "1" }
	options := &remotecommand.Options{Stdin: asked("stdin"), Stdout: asked("stdout"), Stderr: asked("stderr")}
	protocols := remotecommand.SupportedStreamingProtocols
	remotecommand.ServeExec(w, r, here{}, found.name, "", container, r.Form["command"], options, time.Hour, time.Minute, protocols)
}

func answer(w http.ResponseWriter, code int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(value)
}

func refuse(w http.ResponseWriter, code int, reason metav1.StatusReason, message string) {
	answer(w, code, metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   metav1.StatusFailure, Code: int32(code), Reason: reason, Message: message,
	})
}
