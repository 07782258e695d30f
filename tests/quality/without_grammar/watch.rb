require 'json'
require 'time'

module Lighthouse
  class Signal
    attr_reader :colour, :seconds

    def initialize(colour, seconds)
      @colour = colour
      @seconds = seconds
    end

    def to_s
      "#{colour} for #{seconds} s"
    end
  end

  class Watch
    def initialize(keeper)
      @keeper = keeper
      @signals = []
    end

    def show(colour, seconds = 1)
      raise ArgumentError, 'a signal has to last' unless seconds.positive?

      @signals << Signal.new(colour, seconds)
      self
    end

    def length
      @signals.sum(&:seconds)
    end

    def colours
      @signals.map(&:colour).uniq.sort
    end

    def to_json(*args)
      { keeper: @keeper, signals: @signals.map(&:to_s) }.to_json(*args)
    end
  end

  def self.read(path)
    watches = JSON.parse(File.read(path))
    watches.each_with_object({}) do |watch, by_keeper|
      keeper = watch.fetch('keeper')
      by_keeper[keeper] ||= []
      by_keeper[keeper] << watch
    end
  end
end
