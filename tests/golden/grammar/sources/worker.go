// Package worker runs tasks on a fixed number of goroutines.
package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrClosed is returned once the pool doesn't take tasks any more.
var ErrClosed = errors.New("pool is closed")

const (
	minWorkers = 1
	separator  = ';'
	banner     = `pool "v1" { ready }`
)

type Task func(ctx context.Context) error

type Result struct {
	ID       int           `json:"id"`
	Err      error         `json:"err,omitempty"`
	Duration time.Duration `json:"duration"`
}

type Pool struct {
	mu      sync.Mutex
	tasks   chan Task
	results map[int]*Result
	closed  bool
}

type Stopper interface {
	Stop(timeout time.Duration) error
}

func New(workers int) *Pool {
	if workers < minWorkers {
		workers = minWorkers
	}
	p := &Pool{
		tasks:   make(chan Task, workers*2),
		results: map[int]*Result{},
	}
	for i := 0; i < workers; i++ {
		go p.work(i)
	}
	return p
}

func (p *Pool) work(id int) {
	for task := range p.tasks {
		start := time.Now()
		err := task(context.Background())
		p.mu.Lock()
		p.results[id] = &Result{ID: id, Err: err, Duration: time.Since(start)}
		p.mu.Unlock()
	}
}

func (p *Pool) Add(task Task) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrClosed, r)
		}
	}()
	select {
	case p.tasks <- task:
		return nil
	case <-time.After(10 * time.Millisecond):
		return context.DeadlineExceeded
	}
}

func Map[T, U any](values []T, f func(T) U) []U {
	result := make([]U, 0, len(values))
	for _, v := range values {
		result = append(result, f(v))
	}
	return result
}

func (p *Pool) Stop(timeout time.Duration) error {
	if p.closed {
		return ErrClosed
	}
	p.closed = true
	close(p.tasks)
	switch left := len(p.tasks); {
	case left == 0:
		fmt.Println("done", banner, string(separator))
	case left > 10 && timeout < time.Second:
		return fmt.Errorf("%d tasks left (timeout %s)", left, timeout)
	default:
		time.Sleep(timeout)
	}
	var x interface{} = p
	if s, ok := x.(Stopper); ok {
		_ = s
	}
	return nil
}
